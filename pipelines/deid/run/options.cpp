#include "pipelines/deid/run/options.hpp"
#include "models/session/device.hpp"
#include "models/session/session.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/subjects/book.hpp"
#include <CLI/CLI.hpp>
#include <cmath>
#include <map>

namespace deid::cli {
namespace {

const std::map<std::string, Method> methods{
    {"swap", Method::swap}, {"mask", Method::mask}, {"blur", Method::blur}, {"pixelate", Method::pixelate}};
const std::map<std::string, Codec> codecs{
    {"h264", Codec::h264}, {"vp8", Codec::vp8}, {"mjpeg", Codec::mjpeg}, {"ffv1", Codec::ffv1}};

/// Returns an empty text, or the reason why `text` is no device.
std::string is_device(const std::string& text) {
  try {
    return models::device_named(text).empty() ? "no device" : "";
  } catch (const models::ModelError& error) {
    return error.what();
  }
}

void add_swap_options(CLI::App& run, RunOptions& o) {
  run.add_option("--target", o.target,
                 "For swap: a target file (see deid target), or several, A:B, one per person");
  run.add_option("--target-bank", o.target_bank,
                 "For swap: a folder of target files; each person gets the target that hides best (default: "
                 "the bank that set-up made)");
  run.add_option("--geometry", o.geometry,
                 "For swap: how far features move to the target's places [0..1]; larger values hide better "
                 "but preserve less of the expression; auto (default): as far as verification needs")
      ->check(CLI::Range(0.0, 1.0) | CLI::IsMember({"auto"}));
  run.add_option("--assign", o.assign,
                 "For swap: people to swap: everyone, largest, left, right, or ids as in the audit (0,3); "
                 "other faces are blurred");
  run.add_option("--model", o.model,
                 "For swap: model file of deid train for one person of the video; other people are blurred "
                 "unless --target or --target-bank gives targets for them");
  run.add_option(
      "--subjects", o.subjects,
      "For swap: the study's book, a file that gives each subject one synthetic face in all videos; "
      "made on first use");
  run.add_option("--subject", o.subject,
                 "For --subjects: the id of the person in the file; in a batch of all files, or the column "
                 "subject of the manifest");
  run.add_option("--label", o.label, "Write this small text into every frame, e.g. 'synthetic face'")
      ->expected(0, 1)
      ->default_str("synthetic face");
}

void add_cover_options(CLI::App& run, RunOptions& o) {
  run.add_option(
         "--method,-m", o.method,
         "Method: swap (replace by a synthetic face; blur where that fails), mask (solid), blur, pixelate")
      ->transform(CLI::CheckedTransformer(methods, CLI::ignore_case))
      ->type_name("METHOD")
      ->default_str("swap");
  add_swap_options(run, o);
  run.add_option(
         "--scan-method", o.scan_method,
         "For scans of heads (.nii, .nii.gz): random (another head, the brain stays), average (the mean "
         "head); zero, quickshear and blur only to compare with")
      ->check(CLI::IsMember({"random", "average", "zero", "quickshear", "blur"}))
      ->capture_default_str();
  run.add_option("--shape", o.shape, "Shape of the covered area of a face")
      ->check(CLI::IsMember({"box", "ellipse", "contour", "head"}));
  run.add_option("--margin", o.margin, "Grow the shape by this share of the face on each side [0..2]")
      ->check(CLI::Range(0.0, 2.0));
  run.add_option("--strength", o.strength,
                 "For blur and pixelate: strength [0.75..4]; 1 is the method's default")
      ->check(CLI::Range(0.75, 4.0)); // below, faces become recognisable, and faceblur refuses
  run.add_option("--color", o.color, "For mask: 0xRRGGBB or #RRGGBB, black (default), gray or white");
  run.add_option("--lookahead", o.lookahead,
                 "Frames that wait, so that a face found later can be covered in them (default: 30; live: as "
                 "many as fit into 100 ms)")
      ->check(CLI::NonNegativeNumber);
  run.add_option("--hold-time", o.hold_time, "Seconds that a lost face stays covered; its cover grows")
      ->check(CLI::Range(0.0, 3600.0));
  run.add_option(
         "--device", o.device,
         "Where networks run: CPU (default), GPU, GPU.0, GPU.1, NPU, or AUTO: another device than the "
         "processor when its results agree with the processor's")
      ->check(is_device);
  run.add_option("--on-doubt", o.on_doubt,
                 "What happens to a frame in doubt: cover it whole, drop it, or stop")
      ->check(CLI::IsMember({"cover-frame", "drop", "error"}));
  run.add_option_function<std::vector<std::string>>(
         "--set",
         [&o](const std::vector<std::string>& all) {
           for (const auto& one : all)
             o.settings.push_back(parse_setting(one));
         },
         "Any property of an element: facedetect.NAME=VALUE, cover.NAME=VALUE or encoder.NAME=VALUE "
         "(repeatable)")
      ->type_name("ELEMENT.PROPERTY=VALUE")
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void add_encoding_options(CLI::App& run, RunOptions& o) {
  run.add_option("--codec", o.codec, "h264 (default), vp8 (default for .webm), mjpeg, ffv1 (lossless, .mkv)")
      ->transform(CLI::CheckedTransformer(codecs, CLI::ignore_case))
      ->type_name("CODEC");
  run.add_option("--crf", o.crf, "Quality of videos as x264 counts it: 0 best .. 50 worst")
      ->check(CLI::Range(0, 50))
      ->capture_default_str();
  run.add_option("--quality", o.quality,
                 "Quality of JPEG and lossy WebP pictures as their libraries count it: 1 worst .. 100 best")
      ->check(CLI::Range(1, 100))
      ->default_str("95");
  run.add_option("--speed-preset", o.speed_preset, "Speed preset of x264: ultrafast .. placebo")
      ->check(CLI::IsMember({"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow",
                             "slower", "veryslow", "placebo"}))
      ->capture_default_str();
  run.add_option_function<std::string>(
         "--audio", [&o](const std::string& audio) { o.keep_audio = audio == "keep"; },
         "drop (default, because a voice can identify a person) or keep (encoded again)")
      ->check(CLI::IsMember({"drop", "keep"}));
  run.add_flag("--keep-going", o.keep_going,
               "Damaged input: process the frames that can be decoded, instead of stopping");
}

void add_output_options(CLI::App& run, RunOptions& o) {
  run.add_option("-o,--output", o.output,
                 "Output file (video: .mp4 .mov .mkv .webm .avi; picture: .jpg .png .tif .webp; scan: "
                 ".nii .nii.gz), or "
                 "directory for several inputs");
  run.add_option("--from", o.from,
                 "A review file (see deid review): the same run again with its corrections. The options are "
                 "those of the first run; give -o, and the video when it is no longer where it was")
      ->check(CLI::ExistingFile);
  run.add_option("--audit", o.audit, "Audit file: one JSON line per frame (a directory for several inputs)");
  run.add_option(
      "--side-by-side", o.side_by_side,
      "Second video or picture: original | de-identified. IT SHOWS THE ORIGINAL FACES; never pass it "
      "on");
  run.add_option("--measure", o.measure,
                 "Measure how well body movement is preserved, into this .json (a directory for several "
                 "inputs) and a .csv beside it");
  run.add_option("--json-summary", o.json_summary, "Write the summary as JSON into this file");
  run.add_option(
         "--sign", o.sign,
         "For swap, into .mp4 and .mov: sign the statement that faces are synthetic as C2PA asks, with "
         "this private key and these certificates (PEM). Needs the library of c2pa")
      ->expected(2)
      ->type_name("KEY CERTIFICATES");
  run.add_flag("--overwrite", o.overwrite, "Replace outputs that exist");
  run.add_flag("--quiet,-q", o.quiet, "Only errors");
  run.add_flag("--dry-run", o.dry_run, "Print the gst-launch-1.0 line and do nothing");
}

void add_live_options(CLI::App& run, RunOptions& o) {
  run.add_option("--camera", o.camera,
                 "Record from this camera (/dev/video0), or `test`: a test picture without a camera");
  run.add_option("--stop-after", o.stop_after, "Camera: stop after this many seconds")
      ->check(CLI::PositiveNumber);
  run.add_option("--stall-after", o.stall_after, "Abort after this many seconds without a frame")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  run.add_flag("--preview", o.preview, "Show the de-identified video during the run");
}

[[noreturn]] void refuse(const std::string& why) {
  throw Failure(why, exit_usage);
}

/// Refuses options that do not go together with a review, which names the video.
void check_review(const RunOptions& o) {
  if (o.live() || o.inputs.size() > 1 || o.output.empty())
    refuse("--from needs -o OUTPUT, and at most the one video that it belongs to.");
}

/// Refuses options that do not go together with the input and the outputs.
void check_files(const RunOptions& o) {
  if (o.live() == (!o.inputs.empty() || !o.manifest.empty()))
    refuse(o.live() ? "Give either input files or --camera, not both."
                    : "Give an input file, a directory, --manifest or --camera.");
  if (o.output.empty() && !o.preview)
    refuse("Give the output: -o OUTPUT.");
  if (o.live() && !o.side_by_side.empty())
    refuse("--side-by-side works on files only.");
  if (o.live() && o.keep_audio)
    refuse("--audio keep works on files only: a camera records no sound here.");
  if (o.live() && !o.sign.empty())
    refuse("--sign works on files only.");
  if (o.stop_after != 0 && !o.live())
    refuse("--stop-after works with --camera only.");
}

/// Refuses options that do not go together with a book of subjects.
void check_subjects(const RunOptions& o) {
  if (o.subjects.empty() && !o.subject.empty())
    refuse("--subject needs the book: --subjects FILE.");
  if (o.subjects.empty())
    return;
  if (o.method != Method::swap && o.manifest.empty())
    refuse("--subjects belongs to --method swap.");
  if (o.target || o.model || o.geometry)
    refuse("--subjects chooses target and geometry: leave --target, --geometry and --model out.");
  if (o.subject.empty() && o.manifest.empty())
    refuse("--subjects needs --subject ID, or a manifest with the column subject.");
  if (!o.subject.empty())
    subjects::check_id(o.subject);
}

/// Refuses options that do not go together with the method.
void check_method(const RunOptions& o) {
  if (o.strength && o.method == Method::mask)
    refuse("--strength belongs to blur and pixelate; a mask is solid.");
  if (o.strength && o.method == Method::swap)
    refuse("--strength belongs to blur and pixelate.");
  if (o.method != Method::swap && (o.target || o.target_bank || o.geometry || o.assign || o.model))
    refuse("--target, --target-bank, --geometry, --assign and --model belong to --method swap.");
  if (!o.sign.empty() && o.method != Method::swap)
    refuse("--sign says that faces are synthetic: it belongs to --method swap.");
  if (o.color && o.method != Method::mask)
    refuse("--color belongs to --method mask.");
}

/// Returns the value of the element's integer property.
std::string color_value(const std::string& text) {
  static const std::map<std::string, std::string> names{
      {"black", "0x000000"}, {"gray", "0x808080"}, {"grey", "0x808080"}, {"white", "0xffffff"}};
  if (const auto found = names.find(text); found != names.end())
    return found->second;
  const std::string digits = text.starts_with("#")    ? text.substr(1)
                             : text.starts_with("0x") ? text.substr(2)
                                                      : "";
  if (digits.size() != 6 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
    throw Failure("--color needs 0xRRGGBB, #RRGGBB, black, gray or white, not '" + text + "'.", exit_usage);
  return "0x" + digits;
}

/// Converts seconds to the element's unit [ns].
std::string nanoseconds(const std::string& seconds) {
  return std::to_string(std::llround(std::stod(seconds) * 1e9));
}

} // namespace

const char* to_string(Method method) {
  switch (method) {
  case Method::swap:
    return "swap";
  case Method::mask:
    return "mask";
  case Method::blur:
    return "blur";
  default:
    return "pixelate";
  }
}

const char* to_string(Codec codec) {
  switch (codec) {
  case Codec::vp8:
    return "vp8";
  case Codec::mjpeg:
    return "mjpeg";
  case Codec::ffv1:
    return "ffv1";
  default:
    return "h264";
  }
}

Setting parse_setting(const std::string& text) {
  const auto dot = text.find('.'), equals = text.find('=');
  if (dot == std::string::npos || equals == std::string::npos || dot > equals || equals == dot + 1)
    throw Failure("--set needs ELEMENT.PROPERTY=VALUE, not '" + text + "'.", exit_usage);
  Setting s{text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), text.substr(equals + 1)};
  if (s.element == "facemask" || s.element == "faceblur" || s.element == "faceswap")
    s.element = "cover";
  if (s.element != "facedetect" && s.element != "cover" && s.element != "encoder" &&
      s.element != "posedetect" && s.element != "oksmeter")
    throw Failure("--set accepts facedetect, cover, encoder, posedetect and oksmeter, not '" + s.element +
                      "'.",
                  exit_usage);
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  for (const char c : s.property)
    if (!plain(c))
      throw Failure("'" + s.property + "' is not the name of a property.", exit_usage);
  return s;
}

CLI::App* add_run_options(CLI::App& app, RunOptions& o) {
  CLI::App* run = app.add_subcommand("run", "De-identify files, directories or a camera");
  add_run_arguments(*run, o);
  return run;
}

void add_run_arguments(CLI::App& command, RunOptions& o) {
  command.add_option("input", o.inputs,
                     "Video files, pictures (JPEG, PNG, TIFF, WebP), scans (NIfTI) or directories");
  add_treatment_options(command, o);
  add_output_options(command, o);
  add_batch_options(command, o);
  add_live_options(command, o);
}

void add_treatment_options(CLI::App& app, RunOptions& o) {
  add_cover_options(app, o);
  add_encoding_options(app, o);
}

void finish_run_options(RunOptions& o) {
  if (o.hold_time)
    o.hold_time = nanoseconds(*o.hold_time);
  if (o.color)
    o.color = color_value(*o.color);
  if (o.from.empty())
    check_files(o);
  else
    check_review(o);
  check_batch_options(o);
  check_method(o);
  check_subjects(o);
}

} // namespace deid::cli
