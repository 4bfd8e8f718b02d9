#pragma once
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/encode.hpp"
#include "pipelines/deid/run/options.hpp"

namespace deid::cli {

/// Factory names of our elements. The product uses the defaults, which no other plugin can take. Tests
/// without the plugin use `identity`, which has none of the properties.
struct ElementNames {
  std::string detect = "deidfacedetect", mask = "deidfacemask", blur = "deidfaceblur";
  bool stand_in = false;        ///< the names are a test's stand-ins without our properties
  Tokens stand_in_properties{}; ///< of the cover
  std::string pose = "deidposedetect", meter = "deidoksmeter", swap = "deidfaceswap";
  std::string identity = "deididentitymeter", scrub = "deidscrub", revise = "deidfacerevise";
};

/// Files that the writers write to. Results appear elsewhere (see OutputFile). Empty: not wanted.
struct Paths {
  std::filesystem::path output{}, audit{}, side_by_side{}, measure{}, measure_csv{};
};

/// Names of the graph's elements that the runner needs.
namespace role {
constexpr const char* source = "source"; ///< live only: gets EOS to end a recording
constexpr const char* file = "file";     ///< filesrc
constexpr const char* decoder = "dec";
constexpr const char* decoded = "decoded"; ///< queue behind the decoder
constexpr const char* detect = "detect";
constexpr const char* revise = "revise"; ///< only with a person's corrections
constexpr const char* cover = "cover";
constexpr const char* meter = "meter";       ///< oksmeter, when the run measures
constexpr const char* identity = "compared"; ///< identitymeter behind the cover, when the run measures
constexpr const char* encoder = "encoder";
constexpr const char* mux = "mux";
} // namespace role

/// decodebin for the pictures alone. With an unused sound track, GStreamer 1.22 sometimes hangs on MPEG
/// program streams (7 of 630 runs of three other elements; 0 of 550 in this form).
Tokens decode_video();

/// Returns the arguments of gst-launch-1.0 for a file. Requires an encoding that was chosen for this source.
Tokens file_graph(const RunOptions& options, const Source& source, const Encoding& encoding,
                  const Paths& paths, const ElementNames& names = {});

/// Returns the part that every graph has: facedetect, cover, and measuring and label if requested. Ends with
/// "!".
Tokens deidentified_frames(const RunOptions& options, const Paths& paths, const ElementNames& names = {});

/// Returns the arguments of gst-launch-1.0 for a camera. Without an output there is only the preview;
/// encoding may then be empty.
Tokens live_graph(const RunOptions& options, const Encoding& encoding, const Paths& paths,
                  const ElementNames& names = {});

/// Returns the camera's assumed size and rate, for the choice of an encoder.
Source live_source(const RunOptions& options);

/// Returns identitymeter's `target` for a swap with these properties (empty: not set). Settings of the cover
/// in `settings` have priority. Empty: the bank that set-up made.
std::string worn_targets(std::string model, std::string target, std::string bank,
                         const std::vector<Setting>& settings);

/// Returns the command line for a POSIX shell.
std::string shell_line(const Tokens& tokens);

/// Returns property=value for any value. Throws Failure when the value is not UTF-8.
std::string property(const std::string& name, const std::string& value);

} // namespace deid::cli
