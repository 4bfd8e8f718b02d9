// Foreign and damaged files: each gives one sentence with the file and the place in it.
#include "elements/measures/keypoint_files/read.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// The reader's error; "" when it reads the file.
template <class Read> std::string said(Read&& read) {
  try {
    (void)read();
    return "";
  } catch (const keypoint_files::FileError& e) {
    return e.what();
  }
}
std::string poses_said(const std::string& text) {
  return said([&] { return keypoint_files::parse_poses(text, "f.json"); });
}
std::string truth_said(const json& value) {
  return said([&] { return coco::parse_ground_truth(value.dump(), "f.json"); });
}
std::string results_said(const json& value) {
  return said([&] { return coco::parse_detections(value.dump(), "f.json"); });
}

json truth() {
  return {{"images", {{{"id", 1}}}},
          {"categories", {{{"id", 1}}}},
          {"annotations",
           {{{"id", 1},
             {"image_id", 1},
             {"category_id", 1},
             {"keypoints", std::vector<int>(51, 2)},
             {"num_keypoints", 17},
             {"bbox", {0, 0, 1, 1}},
             {"area", 5},
             {"iscrowd", 0}}}}};
}
json result() {
  return {{"image_id", 1}, {"category_id", 1}, {"keypoints", std::vector<int>(51, 2)}, {"score", .5}};
}
std::string line(const json& changes) {
  json frame = {
      {"pts", 1},
      {"stage", "original"},
      {"width", 1},
      {"height", 1},
      {"people",
       {{{"id", 1}, {"score", .5}, {"set", "coco-17"}, {"points", std::vector<json>(17, json{1, 2, .5})}}}}};
  frame.merge_patch(changes);
  return frame.dump() + "\n";
}

TEST(Hostile, WhatIsNotJsonIsSaidWithItsPlace) {
  for (const std::string text : {"",         "   \n",      "hello",          "{",
                                 "[",        "[1,",        "{\"a\":",        "[1 2]",
                                 "[NaN]",    "[Infinity]", "[-Infinity]",    "[1e999]",
                                 "[0x10]",   "['a']",      "[\"\xff\xfe\"]", "[01]",
                                 "[1]]",     "nul",        "\"abc",          "[99999999999999999999999]",
                                 "{\"a\" 1}"}) {
    const std::string sentence = poses_said(text);
    EXPECT_THAT(sentence, AllOf(StartsWith("f.json"), EndsWith("."), Not(HasSubstr("\n")))) << text;
  }
  EXPECT_EQ(poses_said("[1,\n  NaN]"), "f.json: line 2, column 3 is not valid JSON.");
  EXPECT_EQ(poses_said(""), "f.json: the file is empty.");
}

TEST(Hostile, BinaryIsRefused) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i)
    bytes += static_cast<char>(i * 37 % 256);
  EXPECT_THAT(poses_said(bytes), StartsWith("f.json"));
  EXPECT_THAT(poses_said(std::string(4096, '\0')), StartsWith("f.json"));
}

TEST(Hostile, DeepNestingDoesNotOverflowTheStack) {
  for (const auto& [open, close] : {std::pair{"[", "]"}, {"{\"a\":", "}"}, {"{\"people\":[", "]}"}}) {
    std::string deep, end;
    for (int i = 0; i < 1000000; ++i) {
      deep += open;
      end += close;
    }
    for (const std::string& text : {deep, deep + "1" + end}) {
      const bool closed = text.size() > deep.size();
      const auto sentence =
          closed ? HasSubstr("is nested too deep for a file of keypoints.") : HasSubstr("is not valid JSON.");
      EXPECT_THAT(poses_said(text), sentence) << open;
      EXPECT_THAT(said([&] { return coco::parse_ground_truth(text, "f.json"); }), sentence) << open;
      EXPECT_THAT(said([&] { return coco::parse_detections(text, "f.json"); }), sentence) << open;
    }
  }
}

TEST(Hostile, OtherFilesOfJsonAreNoKeypoints) {
  for (const char* text : {"{}", "1", "\"text\"", "null", "true", "{\"poeple\":[]}"})
    EXPECT_THAT(poses_said(text), HasSubstr("is no file of keypoints")) << text;
}

TEST(Hostile, EveryMemberThatIsNeededIsMissed) {
  EXPECT_EQ(truth_said(truth()), "");
  EXPECT_EQ(results_said(json::array({result()})), "");
  for (const char* name : {"images", "categories", "annotations"}) {
    json broken = truth();
    broken.erase(name);
    EXPECT_EQ(truth_said(broken), std::string("f.json: ") + name + " is missing.");
    for (const json& wrong : {json(1), json("text"), json(nullptr), json::object()}) {
      broken[name] = wrong;
      EXPECT_EQ(truth_said(broken), std::string("f.json: ") + name + " is not an array.");
    }
  }
  for (const char* name : {"id", "image_id", "category_id", "keypoints", "num_keypoints"}) {
    json broken = truth();
    broken["annotations"][0].erase(name);
    EXPECT_EQ(truth_said(broken), std::string("f.json: annotations[0].") + name + " is missing.");
  }
  for (const char* name : {"image_id", "category_id", "keypoints", "score"}) {
    json broken = result();
    broken.erase(name);
    EXPECT_EQ(results_said(json::array({result(), broken})),
              std::string("f.json: [1].") + name + " is missing.");
  }
}

TEST(Hostile, WrongTypesAndValuesAreNamed) {
  const auto truth_with = [](const char* name, const json& value) {
    json broken = truth();
    broken["annotations"][0][name] = value;
    return truth_said(broken);
  };
  const auto result_with = [](const char* name, const json& value) {
    json broken = result();
    broken[name] = value;
    return results_said(json::array({broken}));
  };
  EXPECT_EQ(truth_with("id", "one"), "f.json: annotations[0].id is not a number.");
  EXPECT_EQ(truth_with("id", 1.5), "f.json: annotations[0].id is not a whole number.");
  EXPECT_EQ(truth_with("id", 18446744073709551615U),
            "f.json: annotations[0].id is larger than 64 bits hold.");
  EXPECT_EQ(truth_with("id", 3.), "");
  EXPECT_EQ(truth_with("area", -1), "f.json: annotations[0].area is negative.");
  EXPECT_EQ(truth_with("area", nullptr), "f.json: annotations[0].area is not a number.");
  EXPECT_EQ(truth_with("iscrowd", true), "");
  EXPECT_EQ(truth_with("bbox", {1, 2, 3}), "f.json: annotations[0].bbox holds 3 numbers instead of 4.");
  EXPECT_EQ(truth_with("keypoints", std::vector<int>(50, 1)),
            "f.json: annotations[0].keypoints holds 50 numbers instead of 51.");
  EXPECT_EQ(truth_with("keypoints", std::vector<int>(54, 1)),
            "f.json: annotations[0].keypoints holds 54 numbers instead of 51.");
  json points = std::vector<int>(51, 1);
  points[7] = "7";
  EXPECT_EQ(result_with("keypoints", points), "f.json: [0].keypoints[7] is not a number.");
  EXPECT_EQ(result_with("keypoints", json::object()), "f.json: [0].keypoints is not an array.");
  EXPECT_EQ(result_with("score", json::array()), "f.json: [0].score is not a number.");
  EXPECT_EQ(result_with("segmentation", json::object()),
            "f.json: [0].segmentation makes this no file of keypoint results.");
  EXPECT_EQ(results_said(json::array({1})), "f.json: [0] is not an object.");
  EXPECT_EQ(results_said(json::object()), "f.json: it is not an array.");
}

TEST(Hostile, WhatStandsThereTwiceIsRefused) {
  EXPECT_EQ(said([] {
              return coco::parse_detections(
                  R"([{"image_id":1,"image_id":2,"category_id":1,"keypoints":[],"score":1}])", "f.json");
            }),
            "f.json: [0].image_id occurs twice.");
  EXPECT_EQ(poses_said(R"({"people":[],"people":[]})"), "f.json: people occurs twice.");
}

TEST(Hostile, HugeNumbersInCocoAreComputedWithAndAreNoPeople) {
  json huge = truth();
  huge["annotations"][0]["keypoints"][0] = 1e300;
  EXPECT_EQ(truth_said(huge), ""); // doubles, as pycocotools has them
  EXPECT_EQ(poses_said(huge.dump()),
            "f.json: person 0 of image 1 has a number that is too large for a keypoint.");
}

TEST(Hostile, OpenPoseIsChecked) {
  const auto with = [](const json& person) { return poses_said(json{{"people", {person}}}.dump()); };
  EXPECT_EQ(poses_said(R"({"people":{}})"), "f.json: people is not an array.");
  EXPECT_EQ(with(1), "f.json: people[0] is not an object.");
  EXPECT_EQ(with(json::object()), "f.json: people[0].pose_keypoints_2d is missing.");
  EXPECT_EQ(
      with({{"pose_keypoints_2d", std::vector<int>(74, 1)}}),
      "f.json: people[0].pose_keypoints_2d holds 74 numbers; BODY_25 has 75 and OpenPose's COCO model 54.");
  EXPECT_EQ(with({{"pose_keypoints_2d", std::vector<double>(75, 1e12)}}),
            "f.json: people[0].pose_keypoints_2d[0] is too large for a keypoint.");
  EXPECT_EQ(with({{"pose_keypoints_2d", std::vector<int>(75, 1)}, {"hand_left_keypoints_2d", {1}}}),
            "f.json: people[0].hand_left_keypoints_2d holds 1 numbers instead of 63.");
  EXPECT_EQ(with({{"pose_keypoints_2d", std::vector<int>(75, 1)}, {"person_id", {-7}}}),
            "f.json: people[0].person_id is no valid id of a person.");
  const json same = {{"pose_keypoints_2d", std::vector<int>(75, 1)}, {"person_id", {4}}};
  EXPECT_EQ(poses_said(json{{"people", {same, same}}}.dump()),
            "f.json: people[1] has the person_id of another person of this frame.");
}

TEST(Hostile, LinesAreNamedByNumber) {
  const std::string good = line(json::object());
  EXPECT_EQ(poses_said(good), "");
  EXPECT_EQ(poses_said(good + good + "{\"pts\":"), "f.json: line 3, column 8 is not valid JSON.");
  EXPECT_EQ(poses_said(good + "\n" + good), "f.json: line 2 is empty.");
  EXPECT_EQ(poses_said(good + "[1]\n"), "f.json: line 2 is not an object.");
  EXPECT_EQ(poses_said(good + line({{"stage", "masked"}})),
            "f.json: line 2 stage is neither original nor deidentified.");
  EXPECT_EQ(poses_said(good + line({{"pts", -5}})), "f.json: line 2 pts is negative.");
  EXPECT_EQ(poses_said(good + line({{"width", 1e10}})), "f.json: line 2 width is no valid picture size.");
  EXPECT_EQ(poses_said(good + line({{"people", {{{"id", 0}}}}})),
            "f.json: line 2 people[0].id is no valid id of a person.");
  EXPECT_THAT(poses_said(good + line({{"people", {{{"id", 1}, {"set", "mpi-15"}}}}})),
              StartsWith("f.json: line 2 people[0].set is unknown: "));
  EXPECT_EQ(poses_said(good + line({{"people", {{{"id", 1}, {"set", "coco-17"}, {"points", {{1, 2}}}}}}})),
            "f.json: line 2 people[0].points[0] holds 2 numbers instead of x, y and score.");
  EXPECT_EQ(poses_said("{\"format\":\"deid-pose-9\"}\n" + good), "f.json: line 1 format is not deid-pose-1.");
}

TEST(Hostile, AnyPrefixOfAFileIsRefusedOrRead) {
  const std::string all_of = truth().dump();
  for (std::size_t size = 0; size < all_of.size(); ++size)
    EXPECT_THAT(poses_said(all_of.substr(0, size)), StartsWith("f.json")) << size;
}

TEST(Hostile, FilesThatAreNone) {
  const Scratch scratch;
  const auto missing = scratch.path() / "none.json";
  EXPECT_EQ(said([&] { return keypoint_files::read_poses(missing); }),
            missing.string() + " cannot be read: No such file or directory.");
  EXPECT_EQ(said([&] { return coco::read_detections(scratch.path()); }),
            scratch.path().string() + " is not a file.");
  EXPECT_EQ(said([&] { return keypoint_files::read_poses(scratch.path()); }),
            scratch.path().string() + " holds no JSON files.");
  EXPECT_EQ(said([&] { return keypoint_files::read_poses("/dev/zero"); }), "/dev/zero is not a file.");
  write(scratch.path() / "frame.json", "{\"people\":[]}");
  EXPECT_THAT(said([&] { return keypoint_files::read_poses(scratch.path()); }),
              HasSubstr("has no number of a frame in its name"));
}

TEST(Hostile, AByteOrderMarkDoesNoHarm) {
  EXPECT_EQ(poses_said("\xEF\xBB\xBF{\"people\":[]}"), "");
}

} // namespace
} // namespace deid::test
