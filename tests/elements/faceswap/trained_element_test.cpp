// The element with a network that was trained for one person (here: that learnt nothing): on whom it is used,
// on whom not, and what stops the start.
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/faceswap/load.hpp"
#include "elements/video/planes.hpp"
#include "models/autoencoder/sealed.hpp"
#include "tests/elements/faceswap/made_model.hpp"
#include "tests/elements/faceswap/real_face.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using Settings = std::vector<std::pair<std::string, std::string>>;

class TrainedElement : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    const auto clip = test::footage_dir() / "single_face.mp4";
    const auto other = test::footage_dir() / "WolfgangLanger_Pexels.mp4";
    if (!fs::exists(clip) || !fs::exists(other))
      GTEST_SKIP() << "set-up has not fetched " << clip << " and " << other;
    man_ = test::decode(clip, {0}).front();
    woman_ = test::decode(other, {0}).front();
    man_face_ = test::region_of(man_, 1);
    woman_face_ = test::region_of(woman_, 2);
    mans_ = test::put_model(scratch_.path() / "man.deidae", test::descriptor_of(man_, man_face_)).string();
  }
  Settings with(const std::string& model, Settings more = {}) const {
    more.insert(more.begin(), {{"engine", "autoencoder"}, {"model", model}});
    return more;
  }
  void open(const Settings& settings) {
    bench_ = std::make_unique<test::Bench>(gst_deid_face_swap_get_type(), [&](GstElement* element) {
      for (const auto& [name, value] : settings)
        gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value.c_str());
    });
  }
  cv::Mat shown(const cv::Mat& rgb, const std::vector<FaceRegion>& faces) {
    if (rgb.size() != now_)
      bench_->caps("RGB", rgb.cols, rgb.rows);
    now_ = rgb.size();
    EXPECT_EQ(bench_->push(test::frame_with(rgb, faces)), GST_FLOW_OK);
    GstBuffer* out = bench_->pull();
    if (out == nullptr)
      return {};
    cv::Mat picture;
    {
      MappedFrame mapped(out, test::video_info("RGB", rgb.cols, rgb.rows), GST_MAP_READ);
      picture = video::plane(mapped.view(), 0).clone();
    }
    gst_buffer_unref(out);
    return picture;
  }
  static cv::Mat blurred(const cv::Mat& rgb, const FaceRegion& face) {
    GstBuffer* out = test::frame_with(rgb, {face});
    cv::Mat picture;
    {
      MappedFrame mapped(out, test::video_info("RGB", rgb.cols, rgb.rows), GST_MAP_READWRITE);
      cover::Style style;
      style.method = cover::Method::average;
      cover::apply(mapped.view(), cover::rasterize(face, cover::Shape::contour, .02F, rgb.size()), style);
      picture = video::plane(mapped.view(), 0).clone();
    }
    gst_buffer_unref(out);
    return picture;
  }
  /// "code: sentence" of the refusal to start.
  static std::string refusal(const Settings& settings) {
    GstElement* element =
        GST_ELEMENT(gst_object_ref_sink(g_object_new(gst_deid_face_swap_get_type(), nullptr)));
    GstBus* bus = gst_bus_new();
    gst_element_set_bus(element, bus);
    for (const auto& [name, value] : settings)
      gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value.c_str());
    std::string said = "it started";
    if (gst_element_set_state(element, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
      GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
      GError* error = nullptr;
      gchar* cause = nullptr;
      gst_message_parse_error(message, &error, &cause);
      said = test::error_text(error->domain, error->code) + ": " + error->message + " (" + cause + ")";
      g_error_free(error);
      g_free(cause);
      gst_message_unref(message);
    }
    gst_element_set_state(element, GST_STATE_NULL);
    gst_element_set_bus(element, nullptr);
    gst_object_unref(bus);
    gst_object_unref(element);
    return said;
  }

  const test::Scratch scratch_;
  cv::Mat man_{}, woman_{};
  FaceRegion man_face_{}, woman_face_{};
  std::string mans_;
  cv::Size now_{};
  std::unique_ptr<test::Bench> bench_{};
};

TEST_F(TrainedElement, IsUsedOnThePersonItWasTrainedFor) {
  const std::string audit = (scratch_.path() / "audit.jsonl").string();
  open(with(mans_, {{"audit", audit}}));
  for (int i = 0; i < 5; ++i) {
    const cv::Mat out = shown(man_, {man_face_});
    EXPECT_GT(cv::norm(out, blurred(man_, man_face_), cv::NORM_INF), 10) << i;
    EXPECT_GT(cv::norm(out, man_, cv::NORM_INF), 10) << i;
  }
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 5U);
  EXPECT_GE(test::stat(bench_->element, "verified"), 1U);
  EXPECT_GT(test::stat(bench_->element, "distance-worst-thousandths"), 600U);
  EXPECT_THAT(test::read(audit), HasSubstr("swap learnt, distance"));
}

TEST_F(TrainedElement, SomebodyElseIsNotSwappedWithItAndItIsSaid) {
  const std::string audit = (scratch_.path() / "audit.jsonl").string();
  open(with(mans_, {{"audit", audit}}));
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(cv::norm(shown(woman_, {woman_face_}), blurred(woman_, woman_face_), cv::NORM_INF), 0) << i;
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 0U);
  EXPECT_THAT(test::read(audit), HasSubstr("average (not-trained-for)"));
  GstMessage* warning = bench_->message(GST_MESSAGE_WARNING);
  ASSERT_NE(warning, nullptr);
  GError* error = nullptr;
  gst_message_parse_warning(warning, &error, nullptr);
  EXPECT_THAT(error->message, AllOf(HasSubstr("trained for somebody else"), HasSubstr("must be below 0.42")));
  g_error_free(error);
  gst_message_unref(warning);
  bool told = false;
  while (GstMessage* message = bench_->message(GST_MESSAGE_ELEMENT)) {
    const GstStructure* fields = gst_message_get_structure(message);
    told = told || (g_strcmp0(gst_structure_get_string(fields, "event"), "refused") == 0 &&
                    g_strcmp0(gst_structure_get_string(fields, "reason"), "not-trained-for") == 0);
    gst_message_unref(message);
  }
  EXPECT_TRUE(told);
}

TEST_F(TrainedElement, OfTwoPeopleOnlyItsOwnIsSwapped) {
  cv::Mat both(std::max(man_.rows, woman_.rows), man_.cols + woman_.cols, CV_8UC3, cv::Scalar::all(30));
  const cv::Point beside(woman_.cols, 0);
  woman_.copyTo(both(cv::Rect({0, 0}, woman_.size())));
  man_.copyTo(both(cv::Rect(beside, man_.size())));
  const FaceRegion hers = test::moved(woman_face_, {}, 1), his = test::moved(man_face_, beside, 2);
  open(with(mans_));
  for (int i = 0; i < 8; ++i) {
    const cv::Mat out = shown(both, {hers, his});
    const cv::Rect left({0, 0}, woman_.size()), right(beside, man_.size());
    EXPECT_EQ(cv::norm(out(left), blurred(both, hers)(left), cv::NORM_INF), 0) << i;
    EXPECT_GT(cv::norm(out(right), blurred(both, his)(right), cv::NORM_INF), 10) << i;
  }
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 8U);
  EXPECT_EQ(test::stat(bench_->element, "faces-blurred"), 8U);
}

TEST_F(TrainedElement, SomebodyElseTakesATargetWhenThereAreSome) {
  if (!fs::exists(test::bank_file(1)))
    GTEST_SKIP() << "set-up has not made " << test::bank_file(1);
  open(with(mans_, {{"target", "auto"}, {"target-bank", test::bank_file(1).parent_path().string()}}));
  for (int i = 0; i < 3; ++i)
    shown(woman_, {woman_face_});
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 3U);
}

TEST_F(TrainedElement, DoesNotStartOnWhatIsNoModelOfIts) {
  const std::string whole = test::read(mans_), other = (scratch_.path() / "other").string();
  const std::string open_read = test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ);
  const std::string settings = test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_THAT(refusal({{"engine", "autoencoder"}}),
              AllOf(HasSubstr(settings), HasSubstr("needs the property model")));
  EXPECT_THAT(refusal({{"model", mans_}}), AllOf(HasSubstr(settings), HasSubstr("engine=autoencoder")));
  EXPECT_THAT(refusal(with("/nowhere/at/all")),
              AllOf(HasSubstr(test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)),
                    HasSubstr("is missing")));
  test::write(other, whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refusal(with(other)), AllOf(HasSubstr(open_read), HasSubstr("cut off")));
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 4);
  test::write(other, changed);
  EXPECT_THAT(refusal(with(other)), AllOf(HasSubstr(open_read), HasSubstr("checksum")));
  test::write(other, "{\"format\":\"deid-target-1\"}");
  EXPECT_THAT(refusal(with(other)), AllOf(HasSubstr(open_read), HasSubstr("no model that deid train wrote")));
  EXPECT_EQ(refusal(with(mans_)), "it started");
}

TEST_F(TrainedElement, AnEncryptedOneWantsItsPassphrase) {
  if (!models::autoencoder::can_seal())
    GTEST_SKIP() << "This build has no libsodium.";
  const std::string file =
      test::put_model(scratch_.path() / "sealed", test::descriptor_of(man_, man_face_), "a long word")
          .string();
  const std::string word = (scratch_.path() / "word").string();
  test::write(word, "a long word\n");
  EXPECT_THAT(refusal(with(file)), HasSubstr("no passphrase"));
  EXPECT_THAT(refusal(with(file, {{"passphrase-file", word + "-not"}})), HasSubstr("cannot be read"));
  EXPECT_EQ(refusal(with(file, {{"passphrase-file", word}})), "it started");
  ::setenv(faceswap::passphrase_variable, "another", 1);
  EXPECT_THAT(refusal(with(file)), HasSubstr("another one"));
  ::setenv(faceswap::passphrase_variable, "a long word", 1);
  EXPECT_EQ(refusal(with(file)), "it started");
  ::unsetenv(faceswap::passphrase_variable);
}

} // namespace
} // namespace deid
