#pragma once
#include "pipelines/deid/archive/shard.hpp"
#include "pipelines/deid/media/sound.hpp"
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

enum class Method { swap, mask, blur, pixelate };
enum class Codec { h264, vp8, mjpeg, ffv1 };
/// Which files of a batch a run takes, by their records.
enum class Only {
  open,  ///< all that are not done
  fresh, ///< those that nobody began
  failed ///< those that failed
};

/// --set element.property=value
struct Setting {
  std::string element; ///< facedetect, cover (facemask, faceblur and faceswap mean the same), encoder,
                       ///< posedetect or oksmeter
  std::string property;
  std::string value;
};

/// The options of `deid run`. An empty optional leaves the element's default.
struct RunOptions {
  std::vector<std::filesystem::path> inputs{};
  std::filesystem::path output{};
  Method method = Method::swap;
  std::optional<std::string> shape{}, color{}, margin{}, strength{}, lookahead{}, hold_time{}, on_doubt{};
  std::optional<std::string> device{};                                               ///< of all networks
  std::optional<std::string> target{}, target_bank{}, geometry{}, assign{}, model{}; ///< of swap
  std::filesystem::path subjects{};   ///< the study's book of subjects; empty: none
  std::string subject{};              ///< who is in the file; empty: no book
  std::string scan_method = "random"; ///< of mriremodel, for scans
  std::string label{};                ///< small text drawn into every frame; empty: none
  std::vector<Setting> settings{};
  std::optional<Codec> codec{}; ///< default: h264; vp8 for .webm
  int crf = 23;                 ///< [0..50], lower is better, x264's scale
  std::optional<int> quality{}; ///< of pictures [1..100], higher is better, the scale of libjpeg and libwebp
  std::string speed_preset = "veryfast";
  bool keep_audio = false;
  std::vector<std::filesystem::path> sign{}; ///< private key and certificates of C2PA; empty: no signature
  std::filesystem::path audit{}, side_by_side{}, json_summary{}, measure{};
  bool overwrite = false, quiet = false, dry_run = false, keep_going = false;
  std::filesystem::path from{};     ///< a review file: the run is done again with a person's corrections
  std::filesystem::path revision{}; ///< what facerevise reads; set by --from
  std::vector<SoundSpan> mutes{};   ///< of the sound; set by --from
  std::string camera{};             ///< a device, or "test"
  bool preview = false;
  int stop_after = 0;                    ///< [s], live only; 0: until Ctrl-C
  int stall_after = 120;                 ///< [s] without a frame, after which a run fails
  std::filesystem::path manifest{};      ///< of a batch: rows of input, output, method, options
  std::optional<archive::Shard> shard{}; ///< of a batch: the part that this run takes
  std::filesystem::path shard_plan{};    ///< of a batch: which file is in which shard
  Only only = Only::open;
  int stale_after = 180; ///< [s] without a sign of life, after which a process of another computer is dead

  bool live() const { return !camera.empty(); }
};

/// Adds the subcommand `run`.
CLI::App* add_run_options(CLI::App& app, RunOptions& options);

/// Adds all arguments of `run` to another command.
void add_run_arguments(CLI::App& command, RunOptions& options);

/// The options that say how one file is treated, as they stand in a row of a manifest.
void add_treatment_options(CLI::App& app, RunOptions& options);

/// The options of batches.
void add_batch_options(CLI::App& app, RunOptions& options);

/// Refuses options of batches that exclude each other. Throws Failure(exit_usage).
void check_batch_options(const RunOptions& options);

/// Returns the options of one row: `words` as on a command line, on top of `base`, which finish_run_options()
/// has finished. Throws Failure(exit_usage) on an option that belongs to no single file, or a wrong one.
RunOptions row_options(const RunOptions& base, const std::string& method, const std::string& words);

/// Returns a text that is the same when all options are that the pictures of a result depend on.
std::string treatment_text(const RunOptions& options);

/// Converts parsed values to the elements' form (nanoseconds, 0xRRGGBB). Throws Failure(exit_usage) on an
/// invalid colour and on options that exclude each other.
void finish_run_options(RunOptions& options);

/// "facedetect.threshold=0.4" -> Setting. Throws Failure(exit_usage) on anything else.
Setting parse_setting(const std::string& text);

const char* to_string(Method method);
const char* to_string(Codec codec);

} // namespace deid::cli
