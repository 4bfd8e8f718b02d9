// identitymeter on real faces, with the real networks, compared with dlib's own results.
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/identitymeter/look.hpp"
#include "tests/elements/faceswap/real_face.hpp"
#include "tests/elements/identitymeter/bench.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/rgb_view.hpp"
#include <fstream>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;

class IdentityClip : public testing::Test {
protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    gst_element_register(nullptr, "deidtestdetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
    gst_element_register(nullptr, "deidtestswap", GST_RANK_NONE, gst_deid_face_swap_get_type());
    gst_element_register(nullptr, "deidtestmask", GST_RANK_NONE, gst_deid_face_mask_get_type());
    gst_element_register(nullptr, "deidtestidentity", GST_RANK_NONE, gst_deid_identity_meter_get_type());
  }
  void SetUp() override {
    if (!fs::exists(clip_))
      GTEST_SKIP() << "set-up has not fetched " << clip_;
  }
  /// Runs the clip through `between` and returns the meter's messages. Report and raw data are in scratch_.
  Said run(const std::string& between, const std::string& meter = "") {
    const std::string line = "filesrc location=\"" + clip_.string() +
                             "\" ! decodebin ! deidtestdetect ! deidtestidentity stage=original ! " +
                             between + " ! deidtestidentity location=" + report().string() +
                             " raw=" + raw().string() + " " + meter + " ! fakesink sync=false";
    GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
    EXPECT_NE(pipeline, nullptr);
    GstBus* bus = gst_element_get_bus(pipeline);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    Said said;
    bool done = false;
    while (!done) {
      GstMessage* message = gst_bus_timed_pop_filtered(
          bus, 200 * GST_SECOND,
          static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT));
      if (message == nullptr)
        break;
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT &&
          gst_message_has_name(message, "identity-missing"))
        said.missing.push_back(gst_structure_copy(gst_message_get_structure(message)));
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
        note_error(message, said);
      done = (GST_MESSAGE_TYPE(message) & (GST_MESSAGE_EOS | GST_MESSAGE_ERROR)) != 0;
      gst_message_unref(message);
    }
    EXPECT_TRUE(done);
    EXPECT_EQ(said.error, "");
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(bus);
    gst_object_unref(pipeline);
    return said;
  }
  [[nodiscard]] fs::path report() const { return scratch_.path() / "report.json"; }
  [[nodiscard]] fs::path raw() const { return scratch_.path() / "raw.jsonl"; }

  const fs::path clip_ = footage_dir() / "single_face.mp4";
  const Scratch scratch_;
};

double apart(const json& a, const json& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::pow(a[i].get<double>() - b[i].get<double>(), 2);
  return std::sqrt(sum);
}

TEST_F(IdentityClip, ASwapIsSomebodyElseInEveryFrame) {
  if (!fs::exists(bank_file(1)))
    GTEST_SKIP() << "set-up has not made " << bank_file(1);
  run("deidtestswap");
  const json said = json_of(report());
  const json& all = said["distances"]["swapped"];
  EXPECT_GE(said["counts"]["measured"], 60);
  EXPECT_GE(all["faces"], said["counts"]["measured"].get<int>() * 97 / 100);
  EXPECT_GT(all["to_original"]["min"], .6);
  EXPECT_EQ(all["to_original"]["share_above_threshold"], 1.);
  EXPECT_GT(all["to_average"]["min"], .6);
  EXPECT_GT(all["to_final_average"]["min"], .6);
  // the stamp has the target's name, and the bank its face
  EXPECT_EQ(all["to_target"]["count"], all["faces"]);
  EXPECT_LT(all["to_target"]["mean"].get<double>(), all["to_original"]["mean"].get<double>());
  EXPECT_EQ(said["counts"]["faces_cut_by_landmarks_of_the_original"], 0); // a swapped face is a face
}

TEST_F(IdentityClip, WhatWasNotTouchedIsTheSamePerson) {
  run("identity");
  const json found = json_of(report())["distances"]["none"];
  EXPECT_LT(found["to_original"]["mean"], .15); // landmarks found again differ a little
  EXPECT_EQ(found["to_original"]["above_threshold"], 0);
  EXPECT_EQ(found["to_final_average"]["above_threshold"], 0);
  run("identity", "landmarks=original");
  const json same = json_of(report())["distances"]["none"]["to_original"];
  EXPECT_EQ(same["max"], 0.);
  EXPECT_GE(same["count"], 60);
}

TEST_F(IdentityClip, UnderAMaskTheOriginalsLandmarksAreUsedAndThatIsSaid) {
  run("deidtestmask shape=head");
  const json said = json_of(report());
  EXPECT_EQ(said["counts"]["faces_cut_by_landmarks_of_the_result"], 0);
  EXPECT_EQ(said["counts"]["faces_cut_by_landmarks_of_the_original"], said["distances"]["covered"]["faces"]);
  EXPECT_GT(said["distances"]["covered"]["to_original"]["min"], .6);
  std::ifstream lines(raw());
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line))
    EXPECT_EQ(json::parse(line)["landmarks"], "original");
}

// The input of `deid evaluate`: every figure can be computed from the raw data alone.
TEST_F(IdentityClip, EveryFigureFollowsFromTheRawData) {
  run("deidtestmask", "target=" + bank_file(1).string());
  std::ifstream lines(raw());
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(json::parse(line)["interval"], 1);
  const json target = json::parse(std::ifstream(bank_file(1)))["descriptor"];
  std::map<int, std::pair<std::vector<double>, int>> means;
  double sum = 0;
  int count = 0;
  while (std::getline(lines, line)) {
    const json face = json::parse(line);
    ASSERT_EQ(face["original"].size(), 128U);
    auto& [mean, seen] = means[face["id"]];
    mean.resize(128);
    ++seen;
    json running = json::array();
    for (std::size_t i = 0; i < 128; ++i) {
      mean[i] += face["original"][i].get<double>();
      running.push_back(mean[i] / seen);
    }
    EXPECT_NEAR(face["d_original"].get<double>(), apart(face["deidentified"], face["original"]), 1e-6);
    EXPECT_NEAR(face["d_average"].get<double>(), apart(face["deidentified"], running), 1e-6);
    EXPECT_NEAR(face["d_target"].get<double>(), apart(face["deidentified"], target), 1e-6);
    sum += face["d_original"].get<double>();
    ++count;
  }
  ASSERT_GE(count, 60);
  const json all = json_of(report())["distances"]["all"]["to_original"];
  EXPECT_EQ(all["count"], count);
  EXPECT_NEAR(all["mean"].get<double>(), sum / count, 1e-7);
}

TEST_F(IdentityClip, WhatMovesThePictureBetweenTheTwoIsSaidAndNotMeasured) {
  const auto counts = [&](const std::string& between) {
    const Said said = run(between);
    return std::make_pair(said.reasons(), json_of(report())["counts"]);
  };
  const auto flipped = counts("videoflip video-direction=horiz");
  EXPECT_EQ(flipped.second["measured"], 0);
  EXPECT_EQ(flipped.first.size(), 1U);
  const auto cropped = counts("videocrop left=16 top=8");
  EXPECT_EQ(cropped.second["measured"], 0);
  EXPECT_THAT(cropped.first, ElementsAre("no-stamp"));
  const auto scaled = counts("videoscale ! video/x-raw,width=320,height=180");
  EXPECT_EQ(scaled.second["measured"], 0);
  EXPECT_THAT(scaled.first, ElementsAre("no-original")); // pixels that were scaled cannot be compared
  const auto converted = counts("queue ! videoconvert ! video/x-raw,format=RGB");
  EXPECT_TRUE(converted.first.empty());
  EXPECT_EQ(converted.second["measured"], converted.second["frames"]);
}

/// A frame with two people, each with landmarks.
std::pair<cv::Mat, std::vector<FaceRegion>> two_people(int number) {
  const cv::Mat a = decode(footage_dir() / "single_face.mp4", {number}).front();
  const cv::Mat b = decode(footage_dir() / "WolfgangLanger_Pexels.mp4", {number}).front();
  EXPECT_EQ(a.size(), b.size());
  cv::Mat both;
  cv::hconcat(a, b, both);
  return {both, {region_of(a, 1), moved(region_of(b, 2), {static_cast<float>(a.cols), 0}, 2)}};
}

TEST_F(IdentityClip, TwoPeopleWhoWereNotTouchedAreAlwaysRecognised) {
  if (!fs::exists(footage_dir() / "WolfgangLanger_Pexels.mp4"))
    GTEST_SKIP() << "set-up has not fetched the second clip";
  Chain chain({{"location", report().string()}});
  chain.caps("RGB", 1280, 360);
  for (const int number : {0, 20, 40}) {
    auto [rgb, faces] = two_people(number);
    ASSERT_TRUE(chain.passes(frame_with(rgb, faces)));
  }
  chain.meter.end();
  const json said = json_of(report());
  EXPECT_EQ(said["recognition"]["people"], 2);
  EXPECT_EQ(said["recognition"]["auc"], 1.);
  EXPECT_EQ(said["recognition"]["own"], 6);
  EXPECT_EQ(said["recognition"]["other"], 6);
  EXPECT_EQ(said["people"].size(), 2U);
}

TEST_F(IdentityClip, TheirDescriptorsAreDlibsOwn) {
  const auto network = identitymeter::real_networks();
  const json golden = json::parse(
      std::ifstream(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/descriptors_footage.json"));
  double worst = 0;
  for (const json& entry : golden["frames"]) {
    const cv::Mat rgb =
        decode(footage_dir() / entry["clip"].get<std::string>(), {entry["frame"].get<int>()}).front();
    identitymeter::Points points;
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i] = {entry["points"][i][0].get<float>() + .5F, entry["points"][i][1].get<float>() + .5F};
    const SecretBytes chip = identitymeter::cut_chip(rgb_view(rgb), points);
    ASSERT_FALSE(chip.empty());
    const auto ours = network->describe(identitymeter::picture_of(chip));
    worst = std::max(worst, models::distance(ours, entry["descriptor"].get<models::Descriptor>()));
  }
  std::printf("farthest from dlib's: %.6f\n", worst);
  EXPECT_LT(worst, 1e-3);
}

} // namespace
} // namespace deid::test
