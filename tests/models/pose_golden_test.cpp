// BlazePose over whole clips against MediaPipe's own Python package (golden/make_pose_goldens.py).
// DEID_POSE_GOLDENS=FILE takes another file of that script (--every-frame) for the figures in the docs.
#include "models/blazepose/blazepose.hpp"
#include "models/blazepose/one_euro.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/pose_compare.hpp"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::models {
namespace {

using nlohmann::json;
using test::Agreement;

/// MediaPipe's graph for one person: the region comes from the previous frame, or from the detector.
class Graph {
public:
  /// A frame whose region is known.
  PoseResult look(const cv::Mat& rgb, const RotatedRoi& region) {
    const cv::Size size(PoseLandmarks::crop_size, PoseLandmarks::crop_size);
    const cv::Matx23f to_frame = crop_to_frame(region, size);
    return landmarks_.estimate(pose_crop(rgb, to_frame), to_frame, false);
  }
  std::vector<PosePoint> step(const cv::Mat& rgb) {
    time_ += 33'333'000; // MediaPipe's Python package counts frames like this
    if (!next_) {
      const auto people = detector_.detect(rgb, .5F);
      if (people.empty())
        return {};
      next_ = pose_roi(people.front());
    }
    PoseResult found = look(rgb, *next_);
    if (!(found.presence > .5F)) {
      next_.reset();
      steady_.reset();
      return {};
    }
    next_ = steady_.update(found.alignment, time_);
    return found.points;
  }

private:
  PoseDetector detector_{locate("pose_detection"), {}};
  PoseLandmarks landmarks_{locate("pose_landmark_full"), {}};
  std::optional<RotatedRoi> next_;
  SteadyRoi steady_;
  std::int64_t time_ = 0;
};

json clips_of(const std::string& file) {
  const char* other = std::getenv("DEID_POSE_GOLDENS");
  std::ifstream in(other != nullptr ? std::string(other)
                                    : std::string(DEID_SOURCE_DIR) + "/tests/models/golden/" + file);
  return json::parse(in).at("clips");
}

std::vector<cv::Point2f> places(const std::vector<PosePoint>& points) {
  std::vector<cv::Point2f> at;
  for (const PosePoint& point : points)
    at.emplace_back(point.at.x, point.at.y);
  return at;
}

/// Calls use(entry, frame) for every stored frame and before(frame) for every frame.
void each_stored(const json& clip, const std::filesystem::path& file,
                 const std::function<void(const cv::Mat&)>& before,
                 const std::function<void(const json&, const cv::Mat&)>& use) {
  const json& frames = clip.at("frames");
  std::size_t stored = 0;
  test::each_frame(file, [&](int index, const cv::Mat& rgb) {
    before(rgb);
    const json& entry = frames[stored];
    if (index != entry.at("frame").get<int>())
      return true;
    const cv::Scalar mean = cv::mean(rgb);
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(mean[c], entry.at("mean_rgb")[static_cast<std::size_t>(c)].get<double>(), .1) << index;
    use(entry, rgb);
    return ++stored < frames.size();
  });
  EXPECT_EQ(stored, frames.size()) << "the clip is shorter than it was";
}

class PoseGolden : public testing::TestWithParam<const char*> {
protected:
  std::vector<std::pair<json, std::filesystem::path>> clips;

  void SetUp() override {
    const bool shared = std::string(GetParam()) == "pose_shared.json";
    const auto folder = shared ? test::shared_dir() / "data" : test::footage_dir();
    if (shared && !std::filesystem::exists(folder))
      GTEST_SKIP() << "The shared clips are not here (" << folder << "); the fetched ones are tested.";
    for (const json& clip : clips_of(GetParam()))
      if (const auto file = folder / clip.at("clip").get<std::string>(); std::filesystem::exists(file))
        clips.emplace_back(clip, file);
    ASSERT_FALSE(clips.empty());
  }
};

// Only detector, crop, network and heat map: MediaPipe's region is given for every frame.
TEST_P(PoseGolden, SeesWhatMediaPipeSeesInItsOwnRegions) {
  Graph graph;
  for (const auto& [clip, file] : clips) {
    Agreement agreement;
    each_stored(
        clip, file, [](const cv::Mat&) {},
        [&](const json& entry, const cv::Mat& rgb) {
          if (!entry.contains("region") || entry.at("points").empty())
            return;
          const auto& r = entry.at("region");
          const PoseResult found = graph.look(rgb, {{r[0], r[1]}, {r[2], r[2]}, r[3]});
          EXPECT_GT(found.presence, .4F) << file << entry.at("frame");
          agreement.add(places(found.points), entry.at("points"));
        });
    std::puts(agreement.row("its region: " + clip.at("clip").get<std::string>()).c_str());
    EXPECT_GE(agreement.mean_oks(), .999) << file;
    // most of this clip shows no person, and the network's result on a shelf is arbitrary
    if (file.filename() != "one-by-one-person-detection.mp4") {
      EXPECT_LE(agreement.worst_p95(), .02) << file;
    }
  }
}

// Here a region follows from the points of the previous frame. A difference in the fourth digit then grows
// where the network is uncertain (hidden limbs, two people in one region, nobody).
TEST_P(PoseGolden, FollowsAPersonAsMediaPipeDoes) {
  for (const auto& [clip, file] : clips) {
    Graph graph;
    Agreement agreement;
    std::vector<PosePoint> ours;
    int one_sided = 0;
    each_stored(
        clip, file, [&](const cv::Mat& rgb) { ours = graph.step(rgb); },
        [&](const json& entry, const cv::Mat&) {
          if (!ours.empty() && !entry.at("points").empty())
            agreement.add(places(ours), entry.at("points"));
          else
            one_sided += ours.empty() != entry.at("points").empty() ? 1 : 0;
        });
    std::puts((agreement.row("alone: " + clip.at("clip").get<std::string>()) + " one-sided " +
               std::to_string(one_sided))
                  .c_str());
    const std::string name = clip.at("clip").get<std::string>();
    if (name.starts_with("pose2sim/multi/") || name.starts_with("intel_samples/"))
      continue; // two people in one region, or nobody
    EXPECT_GE(agreement.mean_oks(), .98) << file;
    EXPECT_EQ(one_sided, 0) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Clips, PoseGolden, testing::Values("pose_footage.json", "pose_shared.json"),
                         [](const auto& each) {
                           return std::string(each.param) == "pose_shared.json" ? "shared" : "footage";
                         });

} // namespace
} // namespace deid::models
