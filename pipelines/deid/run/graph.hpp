#pragma once
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/encode.hpp"
#include "pipelines/deid/run/options.hpp"

namespace deid::cli {

/// Factory names of our elements. The product uses the defaults, which no other plugin can take over; tests
/// without the plugin put `identity` there, which knows none of the properties.
struct ElementNames {
  std::string detect = "deidfacedetect", mask = "deidfacemask", blur = "deidfaceblur";
  bool stand_in = false;        ///< the names are stand-ins of a test, without our properties
  Tokens stand_in_properties{}; ///< of the cover
  std::string pose = "deidposedetect", meter = "deidoksmeter", swap = "deidfaceswap";
  std::string identity = "deididentitymeter", scrub = "deidscrub";
};

/// Where the writers write, which is not where the results appear (see OutputFile). Empty: not wanted.
struct Paths {
  std::filesystem::path output{}, audit{}, side_by_side{}, measure{}, measure_csv{};
};

/// Names of the elements that the runner looks for in the graph.
namespace role {
constexpr const char* source = "source"; ///< live only: gets EOS to end a recording
constexpr const char* file = "file";     ///< filesrc
constexpr const char* decoder = "dec";
constexpr const char* decoded = "decoded"; ///< queue behind the decoder
constexpr const char* detect = "detect";
constexpr const char* cover = "cover";
constexpr const char* meter = "meter";       ///< oksmeter, where something is measured
constexpr const char* identity = "compared"; ///< identitymeter behind the cover, where something is measured
constexpr const char* encoder = "encoder";
constexpr const char* mux = "mux";
} // namespace role

/// decodebin for the pictures alone. With the sound beside them and nobody to take it, GStreamer 1.22 now and
/// then stops for good on MPEG program streams (7 of 630 runs of three other elements; 0 of 550 so).
Tokens decode_video();

/// The arguments of gst-launch-1.0 for a file. Requires: encoding chosen for this source.
Tokens file_graph(const RunOptions& options, const Source& source, const Encoding& encoding,
                  const Paths& paths, const ElementNames& names = {});

/// What every graph does to its frames: looked for faces, covered, measured and labelled as asked. Ends with
/// "!".
Tokens deidentified_frames(const RunOptions& options, const Paths& paths, const ElementNames& names = {});

/// The arguments of gst-launch-1.0 for a camera. Without an output only the preview is shown; encoding may
/// then be empty.
Tokens live_graph(const RunOptions& options, const Encoding& encoding, const Paths& paths,
                  const ElementNames& names = {});

/// The size and rate a camera is assumed to have when an encoder is chosen for it.
Source live_source(const RunOptions& options);

/// identitymeter's `target` for what a swap wears that has these properties (empty: not set), of which those
/// in `settings` for the cover are the later word. Empty: the bank that set-up made.
std::string worn_targets(std::string model, std::string target, std::string bank,
                         const std::vector<Setting>& settings);

/// A line for a POSIX shell.
std::string shell_line(const Tokens& tokens);

/// property=value for a value that may hold anything. Throws Failure when it is not UTF-8.
std::string property(const std::string& name, const std::string& value);

} // namespace deid::cli
