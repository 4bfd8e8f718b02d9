// Faults of a swap with a trained network, in real pipelines on real footage. The network is untrained: it
// draws noise in the person's colours, so a patch of the face can only be the person's.
#include "elements/faceswap/perception/describer.hpp"
#include "tests/elements/faceswap/made_model.hpp"
#include "tests/elements/faceswap/real_face.hpp"
#include "tests/faults/patches.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gtest/gtest.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;

constexpr int count = 12;

class TrainedFaults : public testing::Test {
protected:
  void SetUp() override {
    if (!fs::exists(footage_dir() / "single_face.mp4"))
      GTEST_SKIP() << "set-up has not fetched the footage";
    frames_ = footage(count);
    subject_ = descriptor_of(frames_.front(), region_of(frames_.front(), 1));
  }
  std::string model(const faceswap::Descriptor& subject) const {
    return put_model(scratch_.path() / "model", subject).string();
  }
  std::unique_ptr<Line> play(const std::string& settings, const std::function<void(int)>& before = {}) {
    auto line = std::make_unique<Line>(
        "deidfacedetect lookahead=0 ! deidfaceswap name=cover engine=autoencoder " + settings);
    if (!line->start())
      return line;
    for (int i = 0; i < count; ++i) {
      if (before)
        before(i);
      line->push(frame_of(frames_[static_cast<std::size_t>(i)], "I420", time_of(i)));
    }
    line->finish();
    return line;
  }
  static std::uint64_t number(const Line& line, const char* field) {
    GstStructure* stats = nullptr;
    g_object_get(line.element("cover"), "stats", &stats, nullptr);
    guint64 value = 0;
    gst_structure_get_uint64(stats, field, &value);
    gst_structure_free(stats);
    return value;
  }
  void refused(const std::string& fault, const std::string& file, const std::string& part) {
    const auto line = play("model=" + file);
    EXPECT_TRUE(line->left().empty());
    EXPECT_NE(line->story().find(part), std::string::npos) << line->story();
    report(fault, *line, {});
  }
  const Scratch scratch_;
  std::vector<cv::Mat> frames_{};
  faceswap::Descriptor subject_{};
};

TEST_F(TrainedFaults, None) {
  const auto line = play("model=" + model(subject_));
  EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count));
  EXPECT_GE(number(*line, "faces-swapped"), static_cast<std::uint64_t>(count - 2));
  report("trained network, no fault", *line, truth_of(frames_));
}

TEST_F(TrainedFaults, ItWasTrainedForSomebodyElse) {
  faceswap::Descriptor another = subject_;
  another.at(0) += 1;
  const auto line = play("model=" + model(another));
  EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count));
  EXPECT_EQ(number(*line, "faces-swapped"), 0U);
  report("trained network of somebody else", *line, truth_of(frames_));
}

TEST_F(TrainedFaults, TheModelIsMissingOrDamaged) {
  const std::string good = model(subject_), bad = (scratch_.path() / "bad").string(), whole = read(good);
  refused("trained network missing", "/nowhere/at/all", "is missing");
  write(bad, whole.substr(0, whole.size() / 2));
  refused("trained network cut in half", bad, "cut off");
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 0x10);
  write(bad, changed);
  refused("trained network with one bit changed", bad, "checksum");
  write(bad, std::string(200'000, 'x'));
  refused("trained network is garbage", bad, "not a model");
  write(bad, "DEIDAE02" + whole.substr(8));
  refused("trained network of a newer version", bad, "newer");
}

TEST_F(TrainedFaults, TheModelGoesAwayWhileFramesPass) {
  const std::string file = model(subject_);
  const auto line = play("model=" + file, [&file](int frame) {
    if (frame == 2)
      fs::remove(file);
  });
  EXPECT_GE(number(*line, "faces-swapped"), static_cast<std::uint64_t>(count - 2)) << "it was read at start";
  report("trained network deleted while frames pass", *line, truth_of(frames_));
}

} // namespace
} // namespace deid::test
