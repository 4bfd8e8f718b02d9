#pragma once
#include "pipelines/deid/run/graph.hpp"
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace deid::test {

/// Elements that change nothing, so that the command can be tested without the plugin.
inline const cli::ElementNames stand_in{"identity", "identity", "identity", true, {}};
/// The same with a cover that acts: drop-probability, error-after, sleep-time [us].
inline cli::ElementNames stand_in_that(const std::string& property) {
  return {"identity", "identity", "identity", true, {property}};
}

/// A temporary folder for a test. Starts GStreamer.
class ClipTest : public ::testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;
  /// Makes dir/name with ffmpeg. arguments: between `ffmpeg` and the output. Skips the test when there is no
  /// ffmpeg.
  std::filesystem::path make(const std::string& name, const std::string& arguments);
  /// 20 frames of a moving test picture.
  std::filesystem::path make_plain(const std::string& name, const std::string& size = "64x48");
  cli::RunOptions options(const std::filesystem::path& in, const std::string& out) const;
  std::vector<std::string> files() const; ///< names in dir, hidden ones too, sorted
  std::filesystem::path dir{};
};

bool have(const std::string& program);
/// stdout of a command; the test fails when it fails.
std::string output_of(const std::string& command);
/// Whether results can be signed: DEID_C2PA names a library, and openssl makes keys.
bool have_c2pa();
/// Makes dir/name.key and dir/name.pem: a key, and certificates of a root of its own. kind: for `openssl
/// genpkey`.
void make_key_pair(const std::filesystem::path& dir, const std::string& name,
                   const std::string& kind = "EC -pkeyopt ec_paramgen_curve:P-256");
/// Number of video frames that can be decoded.
std::size_t count_of(const std::filesystem::path& file);
/// pts_time of every video frame by ffprobe.
std::vector<double> times_of(const std::filesystem::path& file);
/// ffprobe's value of a stream's entry, e.g. ("width,height", "v:0") -> "64,48".
std::string probe(const std::filesystem::path& file, const std::string& entries,
                  const std::string& stream = "v:0");
/// All tags of the container and its streams, one `key=value` a line.
std::string tags_of(const std::filesystem::path& file);

} // namespace deid::test
