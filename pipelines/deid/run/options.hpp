#pragma once
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
  std::optional<std::string> target{}, target_bank{}, geometry{}, assign{}, model{}; ///< of swap
  std::string scan_method = "random"; ///< of mriremodel, for scans
  std::string label{};                ///< small text drawn into every frame; empty: none
  std::vector<Setting> settings{};
  std::optional<Codec> codec{}; ///< default: h264; vp8 for .webm
  int crf = 23;                 ///< [0..50], lower is better, x264's scale
  std::optional<int> quality{}; ///< of pictures [1..100], higher is better, the scale of libjpeg and libwebp
  std::string speed_preset = "veryfast";
  bool keep_audio = false;
  std::filesystem::path audit{}, side_by_side{}, json_summary{}, measure{};
  bool overwrite = false, quiet = false, dry_run = false, keep_going = false;
  std::string camera{}; ///< a device, or "test"
  bool preview = false;
  int stop_after = 0;    ///< [s], live only; 0: until Ctrl-C
  int stall_after = 120; ///< [s] without a frame, after which a run fails

  bool live() const { return !camera.empty(); }
};

/// Adds the subcommand `run`.
CLI::App* add_run_options(CLI::App& app, RunOptions& options);

/// Converts parsed values to the elements' form (nanoseconds, 0xRRGGBB). Throws Failure(exit_usage) on an
/// invalid colour and on options that exclude each other.
void finish_run_options(RunOptions& options);

/// "facedetect.threshold=0.4" -> Setting. Throws Failure(exit_usage) on anything else.
Setting parse_setting(const std::string& text);

const char* to_string(Method method);
const char* to_string(Codec codec);

} // namespace deid::cli
