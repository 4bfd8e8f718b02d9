// `deid oks` as a user runs it.
#include "elements/measures/keypoint_files/write.hpp"
#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

struct Said {
  int status = -1;
  std::string out{}, err{};
};

struct OksCommand : ::testing::Test {
  const Scratch scratch{};

  [[nodiscard]] fs::path file(const std::string& name) const { return scratch.path() / name; }
  [[nodiscard]] Said deid_oks(const std::string& gt, const std::string& dt,
                              const std::string& more = "") const {
    const std::string line = "'" DEID_PROGRAM "' oks --gt '" + file(gt).string() + "' --dt '" +
                             file(dt).string() + "' " + more + " >'" + file("out").string() + "' 2>'" +
                             file("err").string() + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(file("out")), read(file("err"))};
  }
  /// One of the committed cases as two files.
  [[nodiscard]] json write_case(std::size_t number) const {
    const json cases =
        json::parse(read(fs::path(DEID_SOURCE_DIR) / "tests/elements/measures/coco/golden/cases.json"));
    write(file("gt.json"), cases.at(number)["gt"].dump());
    write(file("dt.json"), cases.at(number)["dt"].dump());
    return cases.at(number)["expected"];
  }
  /// A recording of one or two people; every fifth frame is `off` px wrong.
  void write_poses(const std::string& name, keypoint_files::Kind kind, float off, bool two = false,
                   Stage stage = Stage::original, std::uint64_t later = 0) const {
    keypoint_files::PoseWriter writer(file(name), kind);
    for (int i = 0; i < 50; ++i) {
      keypoint_files::TimedPose frame{.pts = 40000000U * static_cast<unsigned>(i) + later, .number = i};
      frame.pose = {.width = 640, .height = 480, .stage = stage, .smoothing = "none"};
      for (std::uint32_t id = 1; id <= (two ? 2U : 1U); ++id) {
        Person person{.id = id, .score = .9F, .set = KeypointSet::coco17};
        for (int k = 0; k < 17; ++k)
          person.points.push_back(
              {200.F * static_cast<float>(id) + static_cast<float>(k) + (i % 5 == 0 ? off : 0.F),
               50.F + 10.F * static_cast<float>(k) * static_cast<float>(3 - id), .9F, true});
        keypoint_files::complete_from_points(person);
        frame.pose.people.push_back(person);
      }
      writer.write(frame);
    }
    writer.finish();
  }
};

TEST_F(OksCommand, AnAreaOfZeroIsSaidWithWhatToDo) {
  static_cast<void>(write_case(0));
  EXPECT_THAT(deid_oks("gt.json", "dt.json").out, Not(HasSubstr("area 0")));
  json truth = json::parse(read(file("gt.json")));
  std::size_t people = 0;
  for (json& one : truth["annotations"]) {
    one["area"] = 0;
    people += one["num_keypoints"] != 0 && one.value("iscrowd", 0) == 0 ? 1 : 0;
  }
  ASSERT_GT(people, 0U);
  write(file("gt.json"), truth.dump());
  const Said said = deid_oks("gt.json", "dt.json");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, HasSubstr(std::to_string(people) + " people have the area 0 in the ground truth"));
  EXPECT_THAT(said.out, HasSubstr("--scale keypoint-box"));
  EXPECT_EQ(json::parse(deid_oks("gt.json", "dt.json", "--json").out)["counts"]["zero_area"], people);
  EXPECT_THAT(deid_oks("gt.json", "dt.json", "--scale keypoint-box").out, Not(HasSubstr("area 0")));
}

TEST_F(OksCommand, PrintsWhatPycocotoolsSays) {
  for (const std::size_t number : {0U, 5U}) {
    const json expected = write_case(number);
    const Said said = deid_oks("gt.json", "dt.json", "--json");
    ASSERT_EQ(said.status, 0) << said.err;
    const json got = json::parse(said.out);
    for (const char* name : {"stats", "oks", "matches"})
      EXPECT_EQ(got[name].size(), expected[name].size()) << name;
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_NEAR(got["stats"][i].get<double>(), expected["stats"][i].get<double>(), 1e-9);
    EXPECT_NEAR(got["AP_per_thr"]["large"][9].get<double>(), expected["AP_per_thr"]["large"][9].get<double>(),
                1e-9);
    EXPECT_EQ(got["matches"], expected["matches"]);
    EXPECT_EQ(got["scale"], "area of the file");
    EXPECT_EQ(got["oks"][0]["dt_ids"], expected["oks"][0]["dt_ids"]);
  }
}

TEST_F(OksCommand, TheTableNamesScaleAndCounts) {
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0);
  write_poses("d.jsonl", keypoint_files::Kind::lines, 300);
  const Said said = deid_oks("o.jsonl", "d.jsonl", "--bootstrap-block 10 --bootstrap-resamples 50");
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("Scale: keypoint-box\n"));
  EXPECT_THAT(said.out, HasSubstr("40 of 50, 10 wrong"));
  EXPECT_THAT(said.out, HasSubstr("at least 0.95: 40 of 50 people = 0.800  ["));
  EXPECT_THAT(said.out, HasSubstr("left_wrist"));
  EXPECT_THAT(said.out, HasSubstr("n/a")); // nobody of large size
}

TEST_F(OksCommand, AllKindsOfFilesSayTheSame) {
  json first;
  for (const auto kind :
       {keypoint_files::Kind::lines, keypoint_files::Kind::openpose, keypoint_files::Kind::coco_results}) {
    const std::string name = std::to_string(static_cast<int>(kind));
    write_poses("o" + name, kind, 0, true);
    write_poses("d" + name, kind, 8, true);
    const Said said = deid_oks("o" + name, "d" + name, "--json --scale torso");
    ASSERT_EQ(said.status, 0) << said.err;
    const json got = json::parse(said.out);
    first = first.is_null() ? got : first;
    EXPECT_EQ(got["counts"], first["counts"]);
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_NEAR(got["stats"][i].get<double>(), first["stats"][i].get<double>(), 1e-4); // points of floats
  }
  EXPECT_LT(first["stats"][5].get<double>(), 1);
  EXPECT_EQ(first["counts"]["people"], 100);
}

TEST_F(OksCommand, OneFileMayHoldBothStages) {
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0);
  write_poses("d.jsonl", keypoint_files::Kind::lines, 300, false, Stage::deidentified);
  write(file("both.jsonl"), read(file("o.jsonl")) + read(file("d.jsonl")));
  const Said said = deid_oks("both.jsonl", "both.jsonl", "--json");
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(json::parse(said.out)["counts"]["found"][0], 40);
}

TEST_F(OksCommand, ContainersThatRoundTimesDifferentlyArePaired) {
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0);
  write_poses("d.jsonl", keypoint_files::Kind::lines, 300);
  write_poses("l.jsonl", keypoint_files::Kind::lines, 300, false, Stage::original, 400000);
  const json same = json::parse(deid_oks("o.jsonl", "d.jsonl", "--json").out);
  const json later = json::parse(deid_oks("o.jsonl", "l.jsonl", "--json").out);
  EXPECT_EQ(later["stats"], same["stats"]);
  EXPECT_EQ(later["counts"], same["counts"]);
}

TEST_F(OksCommand, ThePrimaryPersonAlone) {
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0, true);
  write_poses("d.jsonl", keypoint_files::Kind::lines, 0, false); // without the smaller person
  const json everybody = json::parse(deid_oks("o.jsonl", "d.jsonl", "--json").out);
  const json largest = json::parse(deid_oks("o.jsonl", "d.jsonl", "--json --primary largest").out);
  const json second = json::parse(deid_oks("o.jsonl", "d.jsonl", "--json --primary 2").out);
  EXPECT_EQ(everybody["stats"][5], .5);
  EXPECT_EQ(largest["stats"][5], 1);
  EXPECT_EQ(second["stats"][5], 0);
  EXPECT_EQ(second["counts"]["missing_people"], 50);
}

TEST_F(OksCommand, AScaleTakesTheFilesAreasPlace) {
  (void)write_case(5);
  const json own = json::parse(deid_oks("gt.json", "dt.json", "--json").out);
  const json fixed = json::parse(deid_oks("gt.json", "dt.json", "--json --scale fixed --scale-px 1000").out);
  EXPECT_EQ(fixed["scale"], "fixed (s = 1000 px)");
  EXPECT_NE(own["stats"], fixed["stats"]);
  json truth = json::parse(read(file("gt.json")));
  for (json& one : truth["annotations"])
    one.erase("area");
  write(file("gt.json"), truth.dump());
  const json without = json::parse(deid_oks("gt.json", "dt.json", "--json").out);
  EXPECT_THAT(without["scale"].get<std::string>(), HasSubstr("keypoint-box for 5 of 5 people without one"));
}

TEST_F(OksCommand, CocosGroundTruthTakesOtherKinds) {
  coco::GroundTruth truth{.images = {1, 2}, .categories = {4}};
  for (int i = 1; i <= 2; ++i) {
    coco::Truth one{.id = i, .image_id = i, .category_id = 4, .area = 5000};
    for (std::size_t k = 0; k < coco::point_count; ++k)
      one.points.x[k] = one.points.y[k] = 10. * static_cast<double>(k);
    one.points.v.fill(2);
    truth.annotations.push_back(one);
  }
  write(file("gt.json"), keypoint_files::coco_ground_truth_of(truth, 640, 480));
  const json same = json::parse(deid_oks("gt.json", "gt.json", "--json").out); // its people as detections
  EXPECT_EQ(same["scale"], "area of the file");
  EXPECT_EQ(same["stats"][5], 1);
  EXPECT_EQ(same["counts"]["people"], 2);
  write_poses("d.jsonl", keypoint_files::Kind::lines, 0);
  const Said other = deid_oks("gt.json", "d.jsonl");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("which the ground truth does not list"));
}

TEST_F(OksCommand, BadInputIsOneSentenceAndExitOne) {
  (void)write_case(0);
  write(file("broken.json"), "{\"images\": [");
  write(
      file("other.json"), R"([{"image_id":123,"category_id":1,"keypoints":[)" + [] {
        std::string zeros = "0";
        for (int i = 1; i < 51; ++i)
          zeros += ",0";
        return zeros;
      }() + R"(],"score":1}])");
  write(file("deep.json"), std::string(1000000, '['));
  for (const std::string name : {"broken.json", "other.json", "deep.json", "none.json"}) {
    const Said said = deid_oks("gt.json", name, "--json");
    EXPECT_EQ(said.status, 1) << name;
    EXPECT_EQ(said.out, "") << name;
    EXPECT_EQ(std::count(said.err.begin(), said.err.end(), '\n'), 1) << said.err;
    EXPECT_THAT(said.err, HasSubstr(name));
    EXPECT_EQ(said.err.rfind("deid: ", 0), 0U) << said.err;
  }
  EXPECT_EQ(deid_oks("broken.json", "dt.json").status, 1);
  write(file("empty.json"), "[]"); // no people: no error
  EXPECT_EQ(deid_oks("gt.json", "empty.json", "--json").status, 0);
}

TEST_F(OksCommand, TheSameTimeTwiceIsRefused) {
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0);
  write(file("twice.jsonl"), read(file("o.jsonl")) + read(file("o.jsonl")));
  const Said said = deid_oks("twice.jsonl", "o.jsonl");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("two frames have the same time 0."));
}

TEST_F(OksCommand, UsageIsExitTwo) {
  const auto code = [](std::vector<const char*> args) {
    args.insert(args.begin(), {"deid", "oks"});
    return cli::parse_options(static_cast<int>(args.size()), args.data()).exit_code;
  };
  EXPECT_EQ(code({"--gt", "a"}), cli::exit_usage);
  EXPECT_EQ(code({"--gt", "a", "--dt", "b", "--scale", "segmentation"}), cli::exit_usage);
  EXPECT_EQ(code({"--gt", "a", "--dt", "b", "--bootstrap-block", "0"}), cli::exit_usage);
  EXPECT_EQ(code({"--help"}), cli::exit_ok);
  (void)write_case(0);
  EXPECT_EQ(deid_oks("gt.json", "dt.json", "--scale fixed").status, 2);
  EXPECT_EQ(deid_oks("gt.json", "dt.json", "--primary largest").status, 2);
  write_poses("o.jsonl", keypoint_files::Kind::lines, 0);
  EXPECT_EQ(deid_oks("o.jsonl", "o.jsonl", "--primary 0").status, 2);
}

} // namespace
} // namespace deid::test
