// Weights that are missing, cut, changed or of another network: the pipeline refuses to start.
#include "tests/faults/truth.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gtest/gtest.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;

struct Weight {
  const char* file;
  const char* property;
};
constexpr std::array weights{Weight{"face_detection_short_range.tflite", "model-short-range"},
                             Weight{"face_detection_full_range_sparse.tflite", "model-full-range"},
                             Weight{"centerface.onnx", "model-centerface"},
                             Weight{"face_landmark.tflite", "model-mesh"}};

fs::path fetched() {
  return fs::path(DEID_DEPS_DIR) / "models";
}

/// A folder with all fetched weights, one of them a copy that a test may damage: no other weight is missing
/// for the elements behind facedetect. DEID_MODEL_DIR names the folder while the object lives.
class Copy {
public:
  explicit Copy(const char* file) {
    for (const auto& weight : fs::directory_iterator(fetched()))
      if (weight.path().filename() != file)
        fs::create_symlink(weight.path(), folder_.path() / weight.path().filename());
    fs::copy_file(fetched() / file, folder_.path() / file);
    g_setenv("DEID_MODEL_DIR", folder_.path().c_str(), TRUE);
  }
  ~Copy() { g_setenv("DEID_MODEL_DIR", fetched().c_str(), TRUE); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  [[nodiscard]] fs::path at(const char* file) const { return folder_.path() / file; }

private:
  Scratch folder_;
};

/// Runs three frames. With lookahead 0 every network is compiled before the first one.
void expect_refused(const std::string& fault, const std::string& settings, const std::string& domain) {
  const auto frames = footage(3);
  Line line("deidfacedetect " + settings + " ! deidfacemask name=cover");
  if (line.start()) {
    for (int i = 0; i < 3; ++i)
      line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
    line.finish();
  }
  EXPECT_TRUE(line.error().starts_with(domain)) << fault << ": " << line.story();
  EXPECT_TRUE(line.left().empty()) << fault;
  report(fault, line, {});
}

constexpr const char* other_checksum =
    "gst-resource-error-quark 5: A model file has another checksum than this build expects.";

class ModelFile : public ::testing::TestWithParam<Weight> {};

TEST_P(ModelFile, Missing) {
  const Copy copy(GetParam().file);
  fs::remove(copy.at(GetParam().file));
  expect_refused(std::string("model file missing: ") + GetParam().file, "lookahead=0",
                 "gst-resource-error-quark 3: A model file is missing.");
}

TEST_P(ModelFile, Truncated) {
  const Copy copy(GetParam().file);
  fs::resize_file(copy.at(GetParam().file), fs::file_size(copy.at(GetParam().file)) / 2);
  expect_refused(std::string("model file cut in half: ") + GetParam().file, "lookahead=0", other_checksum);
}

TEST_P(ModelFile, OneByteChanged) {
  const Copy copy(GetParam().file);
  std::string bytes = read(copy.at(GetParam().file));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
  write(copy.at(GetParam().file), bytes);
  expect_refused(std::string("model file with one bit changed: ") + GetParam().file, "lookahead=0",
                 other_checksum);
}

TEST_P(ModelFile, GivenByTheUserAndTruncated) {
  const Scratch folder;
  const fs::path cut = folder.path() / GetParam().file;
  write(cut, read(fetched() / GetParam().file).substr(0, 100'000));
  expect_refused(std::string("the user's own model file is cut: ") + GetParam().property,
                 std::string("lookahead=0 ") + GetParam().property + "=" + cut.string(),
                 "gst-resource-error");
}

TEST_P(ModelFile, GivenByTheUserAndGarbage) {
  const Scratch folder;
  const fs::path garbage = folder.path() / GetParam().file;
  std::string bytes(200'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>((i * 2654435761U) >> 13U);
  write(garbage, bytes);
  expect_refused(std::string("the user's own model file is garbage: ") + GetParam().property,
                 std::string("lookahead=0 ") + GetParam().property + "=" + garbage.string(),
                 "gst-resource-error");
}

INSTANTIATE_TEST_SUITE_P(Each, ModelFile, ::testing::ValuesIn(weights), [](const auto& test) {
  std::string name = test.param.property;
  std::erase(name, '-');
  return name;
});

TEST(ModelFolder, DoesNotExist) {
  g_setenv("DEID_MODEL_DIR", "/nonexistent/models", TRUE);
  expect_refused("model folder does not exist", "", "gst-resource-error");
  g_setenv("DEID_MODEL_DIR", fetched().c_str(), TRUE);
}

TEST(ModelKind, IsAnother) {
  const auto file = [](std::size_t index) { return (fetched() / weights.at(index).file).string(); };
  expect_refused("short-range detector given as mesh", "lookahead=0 model-mesh=" + file(0), "gst-");
  expect_refused("mesh given as short-range detector", "lookahead=0 model-short-range=" + file(3), "gst-");
  expect_refused("full-range detector given as short-range", "lookahead=0 model-short-range=" + file(1),
                 "gst-");
  expect_refused("short-range detector given as CenterFace", "lookahead=0 model-centerface=" + file(0),
                 "gst-");
  expect_refused("CenterFace given as mesh", "lookahead=0 model-mesh=" + file(2), "gst-");
  expect_refused("mesh given as full-range detector", "lookahead=0 model-full-range=" + file(3), "gst-");
}

} // namespace
} // namespace deid::test
