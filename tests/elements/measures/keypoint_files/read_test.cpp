#include "elements/measures/keypoint_files/read.hpp"
#include "elements/measures/keypoint_files/write.hpp"
#include "tests/elements/measures/keypoint_files/ground_truth.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {

using keypoint_files::Kind;
using keypoint_files::parse_poses;
using keypoint_files::Recording;
using keypoint_files::TimedPose;
using nlohmann::json;

Person person_of(KeypointSet set, std::uint32_t id) {
  Person person{.id = id, .box = {1.5F, 2, 30, 40.25F}, .score = .75F, .set = set};
  for (std::size_t i = 0; i < keypoint_names(set).size(); ++i)
    person.points.push_back(i % 5 == 4
                                ? Keypoint{}
                                : Keypoint{.1F + static_cast<float>(i), 1.F / 3 * static_cast<float>(i),
                                           .01F * static_cast<float>(i + 1), true});
  return person;
}

Hand hand_of(bool left) {
  Hand hand{.left = left, .score = .5F};
  for (int i = 0; i < Hand::point_count; ++i)
    hand.points.push_back({static_cast<float>(i), 2.F * static_cast<float>(i), .5F, true});
  return hand;
}

void expect_same(const Person& a, const Person& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.set, b.set);
  EXPECT_EQ(a.points, b.points);
  EXPECT_EQ(a.hands, b.hands);
}

json openpose(std::size_t numbers) {
  json list = json::array();
  for (std::size_t i = 0; i < numbers; ++i)
    list.push_back(i % 3 == 2 ? .5 : static_cast<double>(i));
  return {{"version", 1.3}, {"people", {{{"person_id", {-1}}, {"pose_keypoints_2d", list}}}}};
}

TEST(ReadPoses, LinesComeBackAsTheyWere) {
  TimedPose frame{.pts = 40000000};
  frame.pose = {.width = 640,
                .height = 480,
                .stage = Stage::deidentified,
                .detector = "blazepose \"full\"",
                .smoothing = "none"};
  for (const KeypointSet set :
       {KeypointSet::blazepose33, KeypointSet::coco17, KeypointSet::openpose18, KeypointSet::body25})
    frame.pose.people.push_back(person_of(set, static_cast<std::uint32_t>(frame.pose.people.size() + 7)));
  frame.pose.people[1].hands = {hand_of(true), hand_of(false)};
  frame.faces[8] = {{"left_eye_aspect", .31}, {"mouth_opening", 0}};
  TimedPose empty = frame;
  empty.pts.reset();
  empty.pose.people.clear();
  empty.faces.clear();
  const Recording read = parse_poses(keypoint_files::line_header(frame.pose.detector, frame.pose.smoothing) +
                                         keypoint_files::line_of(frame) + keypoint_files::line_of(empty),
                                     "f.jsonl");
  EXPECT_EQ(read.kind, Kind::lines);
  ASSERT_EQ(read.frames.size(), 2U);
  const TimedPose& got = read.frames[0];
  EXPECT_EQ(got.pts, 40000000U);
  EXPECT_EQ(got.pose.stage, Stage::deidentified);
  EXPECT_EQ(got.pose.width, 640);
  EXPECT_EQ(got.pose.detector, frame.pose.detector);
  EXPECT_EQ(got.pose.smoothing, "none");
  EXPECT_EQ(got.faces, frame.faces);
  ASSERT_EQ(got.pose.people.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    expect_same(got.pose.people[i], frame.pose.people[i]);
    EXPECT_EQ(got.pose.people[i].box, frame.pose.people[i].box);
    EXPECT_EQ(got.pose.people[i].score, frame.pose.people[i].score);
  }
  EXPECT_FALSE(read.frames[1].pts);
  EXPECT_EQ(read.frames[1].number, 1);
  EXPECT_TRUE(read.frames[1].pose.people.empty());
}

TEST(ReadPoses, OpenPoseHasTwoBodiesAndHands) {
  EXPECT_EQ(parse_poses(openpose(75).dump(), "f").frames[0].pose.people[0].set, KeypointSet::body25);
  const Recording read = parse_poses(openpose(54).dump(), "clip_000000000012_keypoints.json");
  EXPECT_EQ(read.kind, Kind::openpose);
  EXPECT_EQ(read.frames[0].number, 12);
  const Person& person = read.frames[0].pose.people[0];
  EXPECT_EQ(person.set, KeypointSet::openpose18);
  EXPECT_EQ(person.id, 1U);
  EXPECT_EQ(person.points[2], (Keypoint{6, 7, .5F, true}));
  EXPECT_FLOAT_EQ(person.score, .5F);
  EXPECT_EQ(person.box, cv::Rect2f(0, 1, 51, 51));
}

TEST(ReadPoses, OpenPoseWritesWhatItReads) {
  TimedPose frame{.pts = 7, .number = 3};
  frame.pose.people = {person_of(KeypointSet::body25, 4), person_of(KeypointSet::openpose18, 9)};
  frame.pose.people[0].hands = {hand_of(true), hand_of(false)};
  const Recording read = parse_poses(keypoint_files::openpose_of(frame), "x_3_keypoints.json");
  ASSERT_EQ(read.frames.at(0).pose.people.size(), 2U);
  EXPECT_EQ(read.frames[0].pts, 7U);
  expect_same(read.frames[0].pose.people[0], frame.pose.people[0]);
  expect_same(read.frames[0].pose.people[1], frame.pose.people[1]);
}

TEST(ReadPoses, BothWaysOfWritingMissingAreTheSame) {
  json zeros = openpose(75), ones = openpose(75);
  for (std::size_t i = 0; i < 3; ++i) {
    zeros["people"][0]["pose_keypoints_2d"][12 + i] = 0;
    ones["people"][0]["pose_keypoints_2d"][12 + i] = i < 2 ? -1 : 0;
  }
  const auto a = parse_poses(zeros.dump(), "a").frames[0].pose.people[0];
  const auto b = parse_poses(ones.dump(), "b").frames[0].pose.people[0];
  EXPECT_FALSE(a.points[4].present);
  EXPECT_EQ(a.points, b.points);
  EXPECT_EQ(a.box, b.box);
}

TEST(ReadPoses, CocoResultsComeBack) {
  const Person person = person_of(KeypointSet::coco17, 1);
  const std::string text = "[" + keypoint_files::coco_result_of(person, 5000000000) + "," +
                           keypoint_files::coco_result_of(person, 2) + "]";
  const Recording read = parse_poses(text, "r.json");
  EXPECT_EQ(read.kind, Kind::coco_results);
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[0].number, 2);
  EXPECT_EQ(read.frames[1].number, 5000000000);
  EXPECT_EQ(read.frames[0].pose.people[0].points, person.points);
  EXPECT_EQ(read.frames[0].pose.people[0].score, person.score);
  EXPECT_EQ(
      keypoint_files::coco_result_of({.set = KeypointSet::coco17, .points = std::vector<Keypoint>(17)}, 1),
      "");
}

TEST(ReadPoses, CocoGroundTruthComesBack) {
  coco::GroundTruth truth{.images = {4, 9}, .categories = {1, 6000000000}};
  coco::Truth one{.id = 3, .image_id = 9, .box = {1, 2, 3, 4.5}, .area = 100.25, .crowd = true};
  one.points.x[2] = .1;
  one.points.v[2] = 2;
  truth.annotations = {one, {.id = 4, .image_id = 4, .empty = true}};
  const std::string text = ground_truth_json(truth).dump();
  const auto back = coco::parse_ground_truth(text, "t.json");
  EXPECT_EQ(back.images, truth.images);
  EXPECT_EQ(back.categories, truth.categories);
  ASSERT_EQ(back.annotations.size(), 2U);
  EXPECT_EQ(back.annotations[0].points.x[2], .1);
  EXPECT_EQ(back.annotations[0].area, 100.25);
  EXPECT_EQ(back.annotations[0].box.height, 4.5);
  EXPECT_TRUE(back.annotations[0].crowd);
  EXPECT_FALSE(back.annotations[0].empty);
  EXPECT_TRUE(back.annotations[1].empty);
  const Recording people = parse_poses(text, "t.json");
  EXPECT_EQ(people.kind, Kind::coco_ground_truth);
  EXPECT_EQ(people.frames.size(), 2U);
  EXPECT_TRUE(people.frames[1].pose.people[0].points[2].present);
}

TEST(ReadPoses, AreaOfResultsIsAsLoadResSays) {
  json one = {{"image_id", 1}, {"category_id", 1}, {"score", .5}, {"keypoints", json::array()}};
  for (int i = 0; i < 17; ++i)
    for (const double number : {i < 16 ? 100. + i : -1., i < 16 ? 200. + i : -1., 1.})
      one["keypoints"].push_back(number);
  json with_box = one;
  with_box["bbox"] = {0, 0, 10, 20};
  EXPECT_EQ(coco::parse_detections(json{one, with_box}.dump(), "d")[1].area, 116. * 216); // placeholders too
  EXPECT_EQ(coco::parse_detections(json{with_box, with_box}.dump(), "d")[0].area, 200);
  EXPECT_THROW((void)coco::parse_detections(json{with_box, one}.dump(), "d"), keypoint_files::FileError);
}

TEST(WritePoses, EveryKindIsReadAgainFromDisk) {
  const Scratch scratch;
  for (const Kind kind : {Kind::lines, Kind::coco_results, Kind::openpose}) {
    const auto path = scratch.path() / std::to_string(static_cast<int>(kind));
    keypoint_files::PoseWriter writer(path, kind);
    for (int i = 0; i < 11; ++i) {
      TimedPose frame{.pts = 40000000U * static_cast<unsigned>(i), .number = i};
      frame.pose.people = {person_of(KeypointSet::blazepose33, 1), person_of(KeypointSet::blazepose33, 2)};
      writer.write(frame);
    }
    writer.finish();
    const Recording read = keypoint_files::read_poses(path);
    EXPECT_EQ(read.kind, kind);
    ASSERT_EQ(read.frames.size(), 11U);
    EXPECT_EQ(read.frames[10].number, 10);
    EXPECT_EQ(read.frames[10].pose.people.size(), 2U);
  }
  EXPECT_TRUE(std::filesystem::exists(scratch.path() / "0" / "0_000000000010_keypoints.json"));
}

TEST(WritePoses, NothingIsWrittenThatCannotBeRead) {
  TimedPose frame;
  frame.pose.people = {person_of(KeypointSet::coco17, 1)};
  frame.pose.people[0].points[0].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)keypoint_files::line_of(frame), std::invalid_argument);
  EXPECT_THROW((void)keypoint_files::openpose_of(frame), std::invalid_argument);
  EXPECT_THROW((void)keypoint_files::coco_result_of(frame.pose.people[0], 1), std::invalid_argument);
  frame.pose.people[0].points[0].present = false; // absent: its numbers mean nothing
  EXPECT_NO_THROW((void)keypoint_files::line_of(frame));
  EXPECT_THROW(keypoint_files::PoseWriter("/", Kind::lines), keypoint_files::FileError);
  EXPECT_THROW(keypoint_files::PoseWriter("x", Kind::coco_ground_truth), std::invalid_argument);
}

} // namespace
} // namespace deid::test
