// posedetect's own path (native formats, its tracker) on whole clips, against MediaPipe's Python package.
// DEID_POSE_GOLDENS=FILE takes another file of make_pose_goldens.py (--every-frame).
#include "elements/posedetect/network_finder.hpp"
#include "elements/posedetect/tracker.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/pose_compare.hpp"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace deid::posedetect {
namespace {

using nlohmann::json;

constexpr std::int64_t third_of_a_tenth = 33'333'000; // ns; MediaPipe's package counts frames like this

/// The same picture as I420 (planes in one matrix that the caller keeps).
video::FrameView i420_view(const cv::Mat& rgb, cv::Mat& keep) {
  cv::cvtColor(rgb, keep, cv::COLOR_RGB2YUV_I420);
  video::FrameView view{.layout = video::Layout::planar420, .width = rgb.cols, .height = rgb.rows};
  auto* data = keep.data;
  const std::ptrdiff_t half = rgb.cols / 2;
  view.planes[0] = {data, rgb.cols};
  view.planes[1] = {data + rgb.total(), half};
  view.planes[2] = {data + rgb.total() + half * (rgb.rows / 2), half};
  return view;
}

std::filesystem::path data_dir() {
  return test::shared_dir() / "data";
}

struct Outcome {
  test::Agreement agreement;
  int one_sided = 0;
};

Outcome follow(const json& clip, const std::filesystem::path& file, bool yuv) {
  NetworkFinder finder({}, {});
  Tracker tracker(finder);
  Settings settings{.max_people = 1, .point_threshold = 0.F};
  Outcome outcome;
  const json& frames = clip.at("frames");
  std::size_t stored = 0;
  cv::Mat planes;
  test::each_frame(file, [&](int index, const cv::Mat& rgb) {
    const auto view = yuv ? i420_view(rgb, planes) : video::rgb_view(rgb);
    const auto people = tracker.step(view, (index + 1) * third_of_a_tenth, settings);
    const json& entry = frames[stored];
    if (index != entry.at("frame").get<int>())
      return true;
    if (!people.empty() && !entry.at("points").empty()) {
      std::vector<cv::Point2f> at;
      for (const Keypoint& point : people[0].points)
        at.emplace_back(point.x, point.y);
      outcome.agreement.add(at, entry.at("points"));
    } else {
      outcome.one_sided += people.empty() != entry.at("points").empty() ? 1 : 0;
    }
    return ++stored < frames.size();
  });
  return outcome;
}

void compare(const std::string& golden, const std::filesystem::path& folder) {
  const char* other = std::getenv("DEID_POSE_GOLDENS");
  std::ifstream in(other != nullptr ? std::string(other)
                                    : std::string(DEID_SOURCE_DIR) + "/tests/models/golden/" + golden);
  const json all = json::parse(in);
  for (const json& clip : all.at("clips")) {
    const std::string name = clip.at("clip").get<std::string>();
    if (!std::filesystem::exists(folder / name))
      continue;
    for (const bool yuv : {false, true}) {
      const Outcome outcome = follow(clip, folder / name, yuv);
      std::printf("%s %s one-sided %d\n", yuv ? "I420" : "RGB ", outcome.agreement.row(name).c_str(),
                  outcome.one_sided);
      if (name.starts_with("pose2sim/multi/") || name.starts_with("intel_samples/"))
        continue; // two people in one region, or nobody: see models_pose_golden_test
      // conversion to I420 and back changes colours, and with them the network's guesses
      EXPECT_GE(outcome.agreement.mean_oks(), yuv ? .96 : .98) << name;
      EXPECT_EQ(outcome.one_sided, 0) << name;
    }
  }
}

TEST(Clips, FetchedOnesAreSeenAsMediaPipeSeesThem) {
  compare("pose_footage.json", test::footage_dir());
}

TEST(Clips, SharedOnesAreSeenAsMediaPipeSeesThem) {
  if (!std::filesystem::exists(data_dir()))
    GTEST_SKIP() << "The shared clips are not here (" << data_dir() << "); the fetched ones are tested.";
  compare("pose_shared.json", data_dir());
}

/// Frames each id was seen in, and the largest step of its hips from one frame to the next, as a share of the
/// person's height.
struct Ids {
  std::map<std::uint32_t, int> frames;
  double largest_step = 0;
};

Ids ids_of(const std::filesystem::path& file, int max_frames) {
  struct Last {
    int frame;
    cv::Point2d hips;
  };
  NetworkFinder finder({}, {});
  Tracker tracker(finder);
  Ids ids;
  std::map<std::uint32_t, Last> last;
  test::each_frame(file, [&](int index, const cv::Mat& rgb) {
    for (const Person& person : tracker.step(video::rgb_view(rgb), (index + 1) * third_of_a_tenth, {})) {
      ++ids.frames[person.id];
      const cv::Point2d hips(person.points[23].x + person.points[24].x,
                             person.points[23].y + person.points[24].y);
      if (const auto before = last.find(person.id); before != last.end() && before->second.frame == index - 1)
        ids.largest_step = std::max(ids.largest_step, cv::norm(hips - before->second.hips) / 2 /
                                                          static_cast<double>(person.box.height));
      last[person.id] = {index, hips};
    }
    return index + 1 < max_frames;
  });
  for (const auto& [id, count] : ids.frames)
    std::printf("%s: id %u in %d frames\n", file.c_str(), id, count);
  std::printf("%s: largest step %.3f of the height\n", file.c_str(), ids.largest_step);
  return ids;
}

TEST(Clips, IdsStayPutWhereThereAreTwoPeople) {
  if (!std::filesystem::exists(data_dir()))
    GTEST_SKIP() << "The shared clips are not here (" << data_dir() << ").";
  for (const char* name : {"pose2sim/multi/cam01.mp4", "pose2sim/multi/cam03.mp4"}) {
    const Ids ids = ids_of(data_dir() / name, 100);
    EXPECT_EQ(ids.frames.size(), 2U) << name;
    EXPECT_LT(ids.largest_step, .2) << name;
  }
}

} // namespace
} // namespace deid::posedetect
