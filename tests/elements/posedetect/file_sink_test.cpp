// The files of posedetect are read back with the same people.
#include "elements/measures/keypoint_files/read.hpp"
#include "elements/posedetect/parts.hpp"
#include "tests/support/scratch.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::posedetect {
namespace {

Person somebody(std::uint32_t id, KeypointSet set) {
  Person person{.id = id, .box = {10, 20, 100, 200}, .score = .8F, .set = set};
  for (std::size_t i = 0; i < keypoint_names(set).size(); ++i)
    person.points.push_back({50.25F * static_cast<float>(id) + static_cast<float>(i),
                             20.5F + 3 * static_cast<float>(i), .75F, i % 4 != 3});
  return person;
}

/// Frame 0 shows two people, frame 1 nobody, frame 2 one.
std::vector<PoseFrame> recording(KeypointSet set) {
  std::vector<PoseFrame> frames(3, {.width = 640, .height = 480, .detector = "a test", .smoothing = "none"});
  frames[0].people = {somebody(1, set), somebody(2, set)};
  frames[2].people = {somebody(2, set)};
  return frames;
}

keypoint_files::Recording written(const std::filesystem::path& place, FileFormat format, KeypointSet as,
                                  const std::vector<PoseFrame>& frames) {
  const auto sink = open_sink(place, format, as);
  for (std::size_t i = 0; i < frames.size(); ++i)
    sink->write(frames[i], static_cast<std::int64_t>(i) * 40'000'000);
  sink->finish();
  return keypoint_files::read_poses(place);
}

void expect_same(const Person& got, const Person& wanted) {
  const auto a = convert_points(got, KeypointSet::coco17), b = convert_points(wanted, KeypointSet::coco17);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].present, b[i].present) << i;
    if (b[i].present) {
      EXPECT_NEAR(a[i].x, b[i].x, 1e-4) << i;
      EXPECT_NEAR(a[i].y, b[i].y, 1e-4) << i;
      EXPECT_NEAR(a[i].score, b[i].score, 1e-6) << i;
    }
  }
}

TEST(FileSink, EveryFormatIsReadBack) {
  const test::Scratch scratch;
  const auto frames = recording(KeypointSet::blazepose33);
  for (const auto& [name, format, kind] :
       {std::tuple{"a.jsonl", FileFormat::automatic, keypoint_files::Kind::lines},
        std::tuple{"b.json", FileFormat::automatic, keypoint_files::Kind::coco_results},
        std::tuple{"c", FileFormat::automatic, keypoint_files::Kind::openpose},
        std::tuple{"d.txt", FileFormat::jsonl, keypoint_files::Kind::lines},
        std::tuple{"e.txt", FileFormat::coco, keypoint_files::Kind::coco_results},
        std::tuple{"f.txt", FileFormat::openpose, keypoint_files::Kind::openpose}}) {
    const auto got = written(scratch.path() / name, format, KeypointSet::blazepose33, frames);
    EXPECT_EQ(got.kind, kind) << name;
    const bool coco = kind == keypoint_files::Kind::coco_results; // has no entry of a frame with nobody in it
    ASSERT_EQ(got.frames.size(), coco ? 2U : 3U) << name;
    EXPECT_EQ(got.frames.front().number, coco ? 1 : 0) << name;
    EXPECT_EQ(got.frames.back().number, coco ? 3 : 2) << name;
    EXPECT_EQ(got.frames.back().pts.value_or(80'000'000), 80'000'000U) << name;
    EXPECT_EQ(got.frames.back().pts.has_value(), !coco) << name;
    ASSERT_EQ(got.frames.front().pose.people.size(), 2U) << name;
    ASSERT_EQ(got.frames.back().pose.people.size(), 1U) << name;
    expect_same(got.frames.front().pose.people[0], frames[0].people[0]);
    expect_same(got.frames.front().pose.people[1], frames[0].people[1]);
    expect_same(got.frames.back().pose.people[0], frames[2].people[0]);
  }
}

TEST(FileSink, NativePointsAreTheNetworksOwn) {
  const test::Scratch scratch;
  for (const KeypointSet own : {KeypointSet::blazepose33, KeypointSet::openpose18, KeypointSet::body25}) {
    const auto frames = recording(own);
    // blazepose33 stands for native
    const auto native =
        written(scratch.path() / "n.jsonl", FileFormat::automatic, KeypointSet::blazepose33, frames);
    const Person& person = native.frames.at(0).pose.people.at(1);
    EXPECT_EQ(person.set, own);
    ASSERT_EQ(person.points.size(), frames[0].people[1].points.size());
    for (std::size_t i = 0; i < person.points.size(); ++i)
      EXPECT_EQ(person.points[i].present, frames[0].people[1].points[i].present) << i;
    EXPECT_EQ(person.id, 2U);
    const auto coco = written(scratch.path() / "c.jsonl", FileFormat::automatic, KeypointSet::coco17, frames);
    EXPECT_EQ(coco.frames.at(0).pose.people.at(0).set, KeypointSet::coco17);
    expect_same(coco.frames.at(0).pose.people.at(0), frames[0].people[0]);
  }
}

TEST(FileSink, ABufferWithoutTimeHasNone) {
  const test::Scratch scratch;
  const auto sink = open_sink(scratch.path() / "a.jsonl", FileFormat::automatic, KeypointSet::coco17);
  sink->write(recording(KeypointSet::coco17)[0], -1);
  sink->finish();
  EXPECT_FALSE(keypoint_files::read_poses(scratch.path() / "a.jsonl").frames.at(0).pts);
}

TEST(FileSink, AFileThatCannotBeMadeIsSaid) {
  const test::Scratch scratch;
  for (const char* name : {"none/a.jsonl", "none/a.json"})
    try {
      (void)open_sink(scratch.path() / name, FileFormat::automatic, KeypointSet::coco17);
      FAIL() << name;
    } catch (const std::runtime_error& e) {
      EXPECT_NE(std::string(e.what()).find("none/a.json"), std::string::npos) << e.what();
    }
}

} // namespace
} // namespace deid::posedetect
