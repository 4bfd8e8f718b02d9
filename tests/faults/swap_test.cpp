// Faults of a swap, in real pipelines on real footage. A swap has the light and the colours of the person's
// skin, so single pixels are equal by chance. A patch of the face may not leave: 8 x 8 px with a structure of
// its own.
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/meta/face_meta.hpp"
#include "tests/elements/faceswap/made_target.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/faults/patches.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {

namespace fs = std::filesystem;

constexpr int count = 8;
using Change = std::function<void(GstBuffer*&)>;

Change stamped(const std::function<void(FaceFrame&)>& change) {
  return [change](GstBuffer*& buffer) {
    buffer = gst_buffer_make_writable(buffer);
    FaceFrame frame = *find_faces(buffer);
    change(frame);
    attach_faces(buffer, std::move(frame));
  };
}

std::uint64_t number(const Line& line, const char* field) {
  GstStructure* stats = nullptr;
  g_object_get(line.element("cover"), "stats", &stats, nullptr);
  guint64 value = 0;
  gst_structure_get_uint64(stats, field, &value);
  gst_structure_free(stats);
  return value;
}

class SwapFaults : public testing::Test {
protected:
  void SetUp() override {
    if (!fs::exists(footage_dir() / "single_face.mp4"))
      GTEST_SKIP() << "set-up has not fetched the footage";
    if (!fs::exists(bank_file(1)))
      GTEST_SKIP() << "set-up has not made " << bank_file(1);
    frames_ = footage(count);
  }
  /// A target. himself: the man of the footage, with a descriptor far from his own.
  std::string target(bool himself) {
    faceswap::Target target = himself ? target_of(frames_.front(), "target") : of_the_bank(1, "target");
    target.descriptor.emplace().fill(1);
    const fs::path file = scratch_.path() / "target.json";
    faceswap::write_target(file, target);
    return file.string();
  }
  /// Runs the frames with `change` between facedetect and the swap.
  std::unique_ptr<Line> play(const std::string& settings, const std::vector<cv::Mat>& frames,
                             const Change& change = {}) {
    auto line = std::make_unique<Line>("deidfacedetect lookahead=0 ! deidfaceswap name=cover eyes=target " +
                                       settings);
    if (change)
      line->at("cover", "sink", change);
    if (!line->start())
      return line;
    for (std::size_t i = 0; i < frames.size(); ++i)
      line->push(frame_of(frames[i], "I420", time_of(static_cast<int>(i))));
    line->finish();
    return line;
  }
  void refused(const std::string& fault, const std::string& settings, const std::string& part) {
    const auto line = play(settings, frames_);
    EXPECT_EQ(line->left().size(), 0U);
    EXPECT_NE(line->story().find(part), std::string::npos) << line->story();
    report(fault, *line, {});
  }
  const Scratch scratch_;
  std::vector<cv::Mat> frames_{};
};

TEST_F(SwapFaults, TheMeasureSeesAnUncoveredFaceAndNoneUnderABlur) {
  const Truth truth = truth_of(frames_);
  Leak bare;
  for (const Original& source : truth) {
    const Leak now = patches(source, source.luma);
    bare.original += now.original;
    bare.face += now.face;
  }
  EXPECT_GT(bare.face, count * 5000);
  EXPECT_EQ(bare.original, bare.face);
  const auto line = play("opacity=0 verify=0 target=" + target(false), frames_);
  EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count));
  report("none, blur alone", *line, truth);
}

TEST_F(SwapFaults, None) {
  const auto line = play("target=" + target(false), frames_);
  EXPECT_GE(number(*line, "faces-swapped"), static_cast<std::uint64_t>(count - 2));
  report("none", *line, truth_of(frames_));
}

TEST_F(SwapFaults, TheTargetIsMissingOrDamaged) {
  refused("target missing", "target=/nowhere/at/all.json", "there is no such file");
  const fs::path damaged = scratch_.path() / "damaged.json";
  write(damaged, read(target(false)).substr(0, 5000));
  refused("target damaged", "target=" + damaged.string(), "not a JSON object");
  refused("bank missing", "target-bank=/nowhere", "no such folder");
  fs::create_directory(scratch_.path() / "bank");
  refused("bank empty", "target-bank=" + (scratch_.path() / "bank").string(), "holds no target file");
  fs::copy_file(damaged, scratch_.path() / "bank" / "damaged.json");
  refused("bank with a damaged file", "target-bank=" + (scratch_.path() / "bank").string(),
          "not a JSON object");
}

TEST_F(SwapFaults, TheTargetGoesAwayWhileFramesPass) {
  const std::string file = target(false);
  const auto line = play("target=" + file, frames_, [&file](GstBuffer*&) { fs::remove(file); });
  EXPECT_GE(number(*line, "faces-swapped"), static_cast<std::uint64_t>(count - 2)) << "it was read at start";
  report("target deleted while frames pass", *line, truth_of(frames_));
}

TEST_F(SwapFaults, VerifyFails) {
  const auto line = play("target=" + target(true), frames_);
  EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count));
  EXPECT_EQ(number(*line, "faces-swapped"), 0U);
  EXPECT_GE(number(*line, "refused"), 1U);
  report("verify fails: the target is the person", *line, truth_of(frames_));
}

TEST_F(SwapFaults, LandmarksAreNoNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto at = [nan](std::size_t index) {
    return stamped([nan, index](FaceFrame& frame) {
      for (FaceRegion& face : frame.faces)
        if (index < face.landmarks.size())
          face.landmarks[index].x = nan;
    });
  };
  for (const std::size_t index : {0UL, 33UL, 467UL}) {
    const auto line = play("target=" + target(false), frames_, at(index));
    EXPECT_EQ(number(*line, "frames-covered"), static_cast<std::uint64_t>(count));
    report("landmark " + std::to_string(index) + " is NaN", *line, truth_of(frames_));
  }
  const auto depth = play("target=" + target(false), frames_, stamped([nan](FaceFrame& frame) {
                            for (FaceRegion& face : frame.faces)
                              for (cv::Point3f& p : face.landmarks)
                                p.z = nan;
                          }));
  EXPECT_EQ(number(*depth, "faces-swapped"), 0U);
  report("depth of all landmarks is NaN", *depth, truth_of(frames_));
  const auto pose = play("target=" + target(false), frames_, stamped([nan](FaceFrame& frame) {
                           for (FaceRegion& face : frame.faces)
                             face.pose.yaw = nan;
                         }));
  EXPECT_EQ(number(*pose, "faces-swapped"), 0U);
  report("head pose is NaN", *pose, truth_of(frames_));
}

TEST_F(SwapFaults, LandmarksGoAwayAndComeBack) {
  const auto line = play("target=" + target(false), frames_, [n = 0](GstBuffer*& buffer) mutable {
    if (n++ % 3 != 1)
      return;
    stamped([](FaceFrame& frame) {
      for (FaceRegion& face : frame.faces)
        face.landmarks.clear();
    })(buffer);
  });
  report("landmarks of every third frame are missing", *line, truth_of(frames_));
}

TEST_F(SwapFaults, TheFaceIsHalfOutOfTheFrame) {
  const cv::Rect face = cv::boundingRect(truth_of(frames_).front().face);
  const cv::Size size = frames_.front().size();
  const int middle = (face.x + face.width / 2) & ~1, waist = (face.y + face.height / 2) & ~1;
  for (const auto& [side, part] : {std::pair{"left", cv::Rect(middle, 0, size.width - middle, size.height)},
                                   {"right", cv::Rect(0, 0, middle, size.height)},
                                   {"top", cv::Rect(0, waist, size.width, size.height - waist)},
                                   {"bottom", cv::Rect(0, 0, size.width, waist)}}) {
    std::vector<cv::Mat> cut;
    for (const cv::Mat& frame : frames_)
      cut.push_back(frame(part).clone());
    const auto line = play("target=" + target(false), cut);
    EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count)) << side;
    report(std::string("half of the face is out of the frame: ") + side, *line, truth_of(cut));
  }
}

TEST_F(SwapFaults, TwoFacesMerge) {
  const auto beside = [](float share, std::uint32_t id) {
    return stamped([share, id](FaceFrame& frame) {
      if (frame.faces.empty())
        return;
      FaceRegion second = frame.faces.front();
      const float by = share * second.box.width;
      second.id = id == 0 ? second.id : id;
      second.box.x += by;
      for (cv::Point3f& p : second.landmarks)
        p.x += by;
      frame.faces.push_back(second);
    });
  };
  for (const float share : {0.F, .3F, .5F, .7F}) {
    const auto line = play("target=" + target(false), frames_, beside(share, 99));
    if (share < .6F) { // with smaller faces the meshes lie beside each other in some frames
      EXPECT_EQ(number(*line, "faces-swapped"), 0U) << share;
    }
    report("a second face lies on it, " + std::to_string(cvRound(share * 100)) + " % beside", *line,
           truth_of(frames_));
  }
  const auto twice = play("target=" + target(false), frames_, beside(1.5F, 0));
  report("a second face has the same id", *twice, truth_of(frames_));
}

TEST_F(SwapFaults, TheModelIsMissing) {
  const std::string own = target(false);
  const fs::path models = fs::path(DEID_DEPS_DIR) / "models";
  fs::create_directory(scratch_.path() / "models");
  for (const auto& entry : fs::directory_iterator(models))
    if (entry.path().extension() != ".dat")
      fs::create_symlink(fs::absolute(entry.path()), scratch_.path() / "models" / entry.path().filename());
  ::setenv("DEID_MODEL_DIR", (scratch_.path() / "models").c_str(), 1);
  refused("descriptor's model missing", "target=" + own, "A model file is missing");
  ::setenv("DEID_MODEL_DIR", models.c_str(), 1);
}

} // namespace
} // namespace deid::test

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  gst_element_register(nullptr, "deidfacedetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
  gst_element_register(nullptr, "deidfaceswap", GST_RANK_NONE, gst_deid_face_swap_get_type());
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
