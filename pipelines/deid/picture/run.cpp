#include "pipelines/deid/picture/run.hpp"
#include "elements/base/scrub.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/run/run.hpp"
#include "pipelines/deid/run/runner.hpp"
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <gst/app/gstappsrc.h>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t pixels_per_patience = 8'000'000; // --stall-after is meant for a video frame
constexpr std::uintmax_t most_bytes = 2'000'000'000;
constexpr const char* entry = "picture"; ///< appsrc's name in the graph
constexpr const char* exit_name = "result";

Bytes read_file(const fs::path& file) {
  std::error_code ec;
  if (!fs::exists(file, ec))
    throw Failure(file.string() + ": there is no such file.");
  if (!fs::is_regular_file(file, ec))
    throw Failure(file.string() + ": is not a file.");
  if (fs::file_size(file, ec) > most_bytes)
    throw Failure(file.string() + ": is too large for a picture (2 GB at most).");
  std::ifstream in(file, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof())
    throw Failure(file.string() + ": cannot be read.");
  return bytes;
}

PictureFormat wanted_format(const fs::path& output) {
  const auto format = format_of_name(output);
  if (!format)
    throw Failure("'" + output.string() +
                      "': a picture becomes a picture; the extension must be .jpg, .png, .tif or .webp.",
                  exit_usage);
  return *format;
}

void check_picture_options(const RunOptions& o) {
  const auto refuse = [](const std::string& why) { throw Failure(why, exit_usage); };
  if (o.preview)
    refuse("--preview shows videos and cameras; a picture can be opened when it is finished.");
  if (o.output.empty())
    refuse("Give the output: -o OUTPUT.");
  if (std::ranges::any_of(o.settings, [](const Setting& s) { return s.element == "encoder"; }))
    refuse("--set encoder is for videos; a picture has --quality.");
  wanted_format(o.output);
  if (!o.side_by_side.empty())
    wanted_format(o.side_by_side);
}

/// Feeds the graph one frame, then EOS.
struct Feed {
  cv::Mat pixels;
  bool done = false;
};

void feed_once(GstAppSrc* source, guint, gpointer data) noexcept {
  auto& feed = *static_cast<Feed*>(data);
  if (std::exchange(feed.done, true))
    return;
  try {
    gst_app_src_push_buffer(source, to_frame(feed.pixels));
    gst_app_src_end_of_stream(source);
  } catch (const std::exception& e) {
    gst_element_message_full(GST_ELEMENT(source), GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
                             GST_RESOURCE_ERROR_FAILED, g_strdup(e.what()), nullptr, __FILE__, __func__,
                             __LINE__);
  }
}

void connect(GstElement* pipeline, Feed& feed) {
  const Ref<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline), entry));
  const Ref<GstCaps> caps(frame_caps(feed.pixels));
  g_object_set(source.get(), "caps", caps.get(), nullptr);
  g_signal_connect(source.get(), "need-data", G_CALLBACK(feed_once), &feed);
}

cv::Mat collect(GstElement* pipeline, const cv::Mat& like) {
  const Ref<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline), exit_name));
  GstSample* sample = nullptr;
  g_object_get(sink.get(), "last-sample", &sample, nullptr);
  const Ref<GstSample> owned(sample);
  if (!sample)
    throw Failure("The picture was in doubt and was dropped (--on-doubt drop); there is no result.");
  return from_frame(sample, like);
}

/// Returns the pixels as they leave the elements.
cv::Mat send_through(const RunOptions& o, const Paths& paths, const ElementNames& names,
                     const std::string& label, const cv::Mat& pixels, Summary& summary) {
  Source source;
  source.width = pixels.cols;
  source.height = pixels.rows;
  source.video_streams = 1;
  Feed feed{pixels};
  cv::Mat result;
  RunnerOptions runner;
  runner.label = label;
  runner.quiet = o.quiet;
  // a large picture is searched for long, in one go
  runner.stall_after = o.stall_after * static_cast<int>(1 + pixels.total() / pixels_per_patience);
  runner.before = [&](GstElement* pipeline) { connect(pipeline, feed); };
  runner.after = [&](GstElement* pipeline) { result = collect(pipeline, pixels); };
  run_graph(picture_graph(o, paths, names), source, runner, summary);
  return result;
}

/// A face that only the transparency draws is visible in the picture, but not in its colours. A cover would
/// have to change the transparency. So such a picture is refused.
void search_transparency(const RunOptions& o, const ElementNames& names, const Picture& picture) {
  if (picture.pixels.channels() != 4)
    return;
  cv::Mat alpha;
  cv::extractChannel(picture.pixels, alpha, 3);
  double least = 0, most = 0;
  cv::minMaxLoc(alpha, &least, &most);
  if (least == most)
    return;
  RunOptions look;
  look.method = Method::mask;
  look.quiet = true;
  look.stall_after = o.stall_after;
  look.settings = o.settings;
  std::erase_if(look.settings, [](const Setting& s) { return s.element != "facedetect"; });
  Summary seen;
  const cv::Mat covered = send_through(look, {}, names, "", alpha, seen);
  if (cv::norm(covered, alpha, cv::NORM_INF) > 0)
    throw Failure(o.inputs.front().string() + ": its transparency seems to draw a face, which a cover would "
                                              "not hide; save it without transparency first.");
}

Picture read_picture(const RunOptions& o) {
  const fs::path& file = o.inputs.front();
  if (const std::string why = why_left_out(file); !why.empty())
    throw Failure(file.string() + " is left out: " + why + ".");
  Picture picture = decode(read_file(file), file.string());
  turn_upright(picture);
  try {
    change_format(picture, wanted_format(o.output));
  } catch (const Failure& e) {
    throw Failure(file.string() + ": " + e.what(), e.code());
  }
  if (picture.profile.empty())
    return picture;
  const int colours = picture.gray || picture.pixels.channels() == 1 ? 1 : 3;
  picture.profile = scrub_profile(picture.profile, colours);
  if (picture.profile.empty() && !o.quiet)
    std::fprintf(stderr,
                 "note: %s: its colour profile is damaged or is for another kind of pixels. The profile is "
                 "removed; colours may look different.\n",
                 file.c_str());
  return picture;
}

/// A gray picture with transparency is processed as RGBA. It stays gray, whatever was drawn into it.
void keep_gray(Picture& picture) {
  if (!picture.gray || picture.pixels.channels() != 4)
    return;
  cv::Mat luma;
  cv::cvtColor(picture.pixels, luma, cv::COLOR_RGBA2GRAY);
  const int from_to[]{0, 0, 0, 1, 0, 2};
  cv::mixChannels({luma}, {picture.pixels}, from_to, 3);
}

bool loses_nothing(const Picture& picture) {
  return picture.format == PictureFormat::png || picture.format == PictureFormat::tiff ||
         (picture.format == PictureFormat::webp && picture.storage.lossless);
}

/// Reads the finished file back: it must hold these pixels and their profile, without a rotation.
void verify(const Bytes& file, const Picture& picture, const fs::path& target) {
  const Picture back = decode(file, target.string());
  cv::Mat expected = picture.pixels;
  if (expected.channels() == 1 && back.pixels.channels() == 3)
    cv::cvtColor(expected, expected, cv::COLOR_GRAY2RGB);
  // WebP drops the transparency of a picture without transparent pixels
  if (expected.channels() == 4 && back.pixels.channels() == 3)
    cv::cvtColor(expected, expected, cv::COLOR_RGBA2RGB);
  if (back.format != picture.format || back.profile != picture.profile || back.orientation != 1 ||
      back.pixels.size() != expected.size() ||
      (loses_nothing(picture) &&
       (back.pixels.type() != expected.type() || cv::norm(back.pixels, expected, cv::NORM_INF) > 0)))
    throw Failure(target.string() + ": the finished file does not hold what was written; it is not kept.");
}

void write_picture(const OutputFile& file, const Picture& picture, const PictureWriting& writing) {
  const Bytes bytes = encode(picture, writing);
  verify(bytes, picture, file.target());
  append_to(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// Original left, result right.
Picture beside(const Picture& original, const Picture& result, PictureFormat format) {
  Picture both = original;
  cv::hconcat(original.pixels, result.pixels, both.pixels);
  change_format(both, format);
  return both;
}

struct Files {
  std::optional<OutputFile> audit{}, measure{}, csv{}, side{}, picture{};
  explicit Files(const RunOptions& o) {
    const auto open = [&o](std::optional<OutputFile>& file, const fs::path& target, OutputFile::Kind kind) {
      if (!target.empty())
        file.emplace(target, o.overwrite, kind);
    };
    open(audit, o.audit, OutputFile::Kind::named);
    open(measure, o.measure, OutputFile::Kind::named);
    if (!o.measure.empty())
      open(csv, fs::path(o.measure).replace_extension(".csv"), OutputFile::Kind::named);
    open(side, o.side_by_side, OutputFile::Kind::nameless);
    open(picture, o.output, OutputFile::Kind::nameless);
  }
  Paths paths() const {
    const auto path = [](const std::optional<OutputFile>& file) { return file ? file->path() : fs::path{}; };
    return {
        .output = path(picture), .audit = path(audit), .measure = path(measure), .measure_csv = path(csv)};
  }
  void commit() {
    std::vector<OutputFile*> all;
    for (std::optional<OutputFile>* file : {&audit, &measure, &csv, &side, &picture})
      if (*file)
        all.push_back(&**file);
    commit_all(all);
  }
};

Summary begin(const RunOptions& o, PictureFormat format) {
  Summary s;
  s.kind = "picture";
  s.input = o.inputs.front().string();
  s.output = o.output.string();
  s.audit = o.audit.string();
  s.side_by_side = o.side_by_side.string();
  s.measure = o.measure.string();
  s.method = to_string(o.method);
  s.codec = to_string(format);
  std::ranges::transform(s.codec, s.codec.begin(), [](unsigned char c) { return std::tolower(c); });
  s.audio = "none";
  return s;
}

} // namespace

Tokens picture_graph(const RunOptions& o, const Paths& paths, const ElementNames& names) {
  Tokens t{"appsrc",
           std::string("name=") + entry,
           "format=time",
           "!",
           "queue",
           std::string("name=") + role::decoded,
           "!"};
  const Tokens middle = deidentified_frames(o, paths, names);
  t.insert(t.end(), middle.begin(), middle.end());
  // in the encoder's place of a video graph
  const Tokens end{"identity",
                   std::string("name=") + role::encoder,
                   "!",
                   "fakesink",
                   std::string("name=") + exit_name,
                   "sync=false",
                   "enable-last-sample=true"};
  t.insert(t.end(), end.begin(), end.end());
  return t;
}

std::string picture_dry_run(const RunOptions& o, const ElementNames& names) {
  check_picture_options(o);
  return "# " + o.inputs.front().string() +
         ": deid itself reads and writes pictures. Between the two it runs this graph on one frame: " +
         shell_line(picture_graph(o, {.output = o.output, .audit = o.audit}, names));
}

std::string synthetic_packet() {
  return std::string("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
                     "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                     "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                     "<rdf:Description rdf:about=\"\""
                     " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                     " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
                     " Iptc4xmpExt:DigitalSourceType="
                     "\"http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic\">"
                     "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">") +
         scrub::synthetic_note +
         "</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";
}

namespace {

Summary convert(const RunOptions& o, const std::string& label, const ElementNames& names,
                const Hooks& hooks) {
  const Picture original = read_picture(o);
  search_transparency(o, names, original);
  Files files(o);
  Summary summary = begin(o, original.format);
  summary.provenance = provenance_marks(o.inputs.front());
  Picture result = original;
  result.pixels = send_through(o, files.paths(), names, label, original.pixels, summary);
  keep_gray(result);
  if (files.audit && !summary.provenance.empty())
    append_to(*files.audit, nlohmann::ordered_json{{"input_provenance", summary.provenance}}.dump() + '\n');
  PictureWriting writing;
  writing.quality = o.quality.value_or(writing.quality);
  if (files.side)
    write_picture(*files.side, beside(original, result, wanted_format(o.side_by_side)), writing);
  if (Summary::count(summary.cover, "faces-swapped") > 0)
    writing.note = synthetic_packet();
  write_picture(*files.picture, result, writing);
  if (files.audit && hooks.audited)
    append_to(*files.audit, hooks.audited(files.paths().audit).dump() + '\n');
  if (hooks.before_commit)
    hooks.before_commit();
  files.commit();
  return summary;
}

} // namespace

Summary run_picture(const RunOptions& o, const std::string& label, const ElementNames& names,
                    const Hooks& hooks) {
  check_picture_options(o);
  check_paths(o);
  try {
    return convert(o, label, names, hooks);
  } catch (const Failure&) {
    throw;
  } catch (const std::exception& e) { // memory, OpenCV: the other files of a batch go on
    throw Failure(o.inputs.front().string() + ": " + e.what());
  }
}

} // namespace deid::cli
