#include "tests/elements/cover/stamped.hpp"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid {
namespace {

using test::Bench;
using test::box_face;
using test::stamped_frame;
using test::video_info;

class AuditFile : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void TearDown() override { std::filesystem::remove(file_); }

  /// Starts with the file set: the property is read on start.
  std::unique_ptr<Bench> bench(const std::string& file) {
    auto bench = std::make_unique<Bench>(gst_deid_face_mask_get_type());
    gst_element_set_state(bench->element, GST_STATE_NULL);
    g_object_set(bench->element, "audit", file.c_str(), nullptr);
    started_ = gst_element_set_state(bench->element, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
    if (started_) {
      gst_harness_play(bench->harness.get());
      bench->caps("I420", 64, 48);
    }
    return bench;
  }
  std::vector<nlohmann::json> lines() {
    std::vector<nlohmann::json> all;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }
  const std::string file_ = testing::TempDir() + "deid_audit_test_" + std::to_string(getpid()) + ".jsonl";
  const GstVideoInfo info_ = video_info("I420", 64, 48);
  bool started_ = false;
};

TEST_F(AuditFile, SaysWhatHappenedToEveryFrame) {
  {
    auto element = bench(file_);
    FaceRegion mesh = test::mesh_face({10, 10, 20.04F, 20}, 0, 5);
    mesh.origin = Origin::tracked;
    GstBuffer* first = stamped_frame(info_, {mesh, box_face({40, 0, 9, 9}, 6)});
    GST_BUFFER_PTS(first) = 40;
    EXPECT_EQ(element->push(first), GST_FLOW_OK);
    GstBuffer* second = test::new_frame(info_);
    GST_BUFFER_PTS(second) = 80;
    EXPECT_EQ(element->push(second), GST_FLOW_OK);
    ASSERT_EQ(lines().size(), 3U) << "every line is in the file before the frame leaves";
    gst_harness_push_event(element->harness.get(), gst_event_new_eos());
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0]["audit"], 2);
  EXPECT_EQ(all[0]["detector"], "test detector 1");
  EXPECT_EQ(all[0]["settings"]["shape"], "box");
  EXPECT_EQ(all[0]["settings"]["color"], "#000000");
  EXPECT_TRUE(all[0].contains("version"));
  EXPECT_EQ(all[1]["pts"], 40);
  ASSERT_EQ(all[1]["faces"].size(), 2U);
  EXPECT_EQ(all[1]["faces"][0],
            nlohmann::json::parse(R"({"id":5,"box":[10.0,10.0,20.0,20.0],"score":0.97,"origin":"tracked",
                                      "treatment":"covered","done":"fill box"})"));
  EXPECT_EQ(all[1]["faces"][1]["treatment"], "covered");
  EXPECT_EQ(all[2]["doubt"], "no-stamp");
  EXPECT_EQ(all[2]["done"], "cover-frame");
  EXPECT_EQ(all[3]["summary"]["frames"], 2);
  EXPECT_EQ(all[3]["summary"]["faces"], 2);
  EXPECT_EQ(all[3]["summary"]["doubts"]["no-stamp"], 1);
}

TEST_F(AuditFile, NamesNobody) {
  {
    auto element = bench(file_);
    EXPECT_EQ(element->push(stamped_frame(info_, {test::mesh_face({10, 10, 20, 20})})), GST_FLOW_OK);
  }
  std::ifstream in(file_);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text.find("landmark"), std::string::npos);
  EXPECT_LT(text.size(), 1200U) << "468 points would not fit";
  const auto mode = std::filesystem::status(file_).permissions();
  EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST_F(AuditFile, EndsWithASummaryWithoutEosAndWithoutFrames) {
  { auto element = bench(file_); }
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines()[0]["summary"]["frames"], 0);
  {
    auto element = bench(file_);
    element->push(stamped_frame(info_, {}));
  }
  ASSERT_EQ(lines().size(), 3U);
  EXPECT_TRUE(lines()[2].contains("summary"));
}

TEST_F(AuditFile, ChangedSettingsAreWrittenAgain) {
  {
    auto element = bench(file_);
    element->push(stamped_frame(info_, {}));
    gst_util_set_object_arg(G_OBJECT(element->element), "shape", "head");
    element->push(stamped_frame(info_, {}));
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[2]["settings"]["shape"], "head");
}

TEST_F(AuditFile, AFullDiskStopsThePipeline) {
  if (!std::filesystem::exists("/dev/full"))
    GTEST_SKIP() << "this system has no /dev/full";
  auto element = bench("/dev/full");
  ASSERT_TRUE(started_);
  EXPECT_EQ(element->push(stamped_frame(info_, {box_face({10, 10, 20, 20})})), GST_FLOW_ERROR);
  EXPECT_EQ(element->pull(), nullptr);
  EXPECT_EQ(element->error(), test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
}

TEST_F(AuditFile, AFileThatCannotBeOpenedRefusesToStart) {
  auto element = bench("/nowhere/at/all.jsonl");
  EXPECT_FALSE(started_);
  EXPECT_EQ(element->error(), test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE));
}

} // namespace
} // namespace deid
