// The element with a network for one person (untrained here): the people it is used on, and the errors that
// stop the start.
#include "elements/faceswap/load.hpp"
#include "models/autoencoder/sealed.hpp"
#include "tests/elements/faceswap/made_model.hpp"
#include "tests/elements/faceswap/two_people.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

namespace fs = std::filesystem;
using test::Settings;
using testing::AllOf;
using testing::HasSubstr;

class TrainedElement : public test::TwoPeople {
protected:
  void SetUp() override {
    TwoPeople::SetUp();
    if (!IsSkipped())
      mans_ = test::put_model(scratch_.path() / "man.deidae", test::descriptor_of(man_, man_face_)).string();
  }
  Settings with(const std::string& model, Settings more = {}) const {
    more.insert(more.begin(), {{"engine", "autoencoder"}, {"model", model}});
    return more;
  }

  std::string mans_{};
};

TEST_F(TrainedElement, IsUsedOnThePersonItWasTrainedFor) {
  const std::string audit = (scratch_.path() / "audit.jsonl").string();
  open(with(mans_, {{"audit", audit}}));
  for (int i = 0; i < 5; ++i) {
    const cv::Mat out = shown(man_, {man_face_});
    EXPECT_GT(worst(out, blurred(man_, {man_face_})), 10) << i;
    EXPECT_GT(worst(out, man_), 10) << i;
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
    ASSERT_EQ(worst(shown(woman_, {woman_face_}), blurred(woman_, {woman_face_})), 0) << i;
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 0U);
  EXPECT_THAT(test::read(audit), HasSubstr("average (not-trained-for)"));
  GstMessage* warning = bench_->message(GST_MESSAGE_WARNING);
  ASSERT_NE(warning, nullptr);
  GError* error = nullptr;
  gst_message_parse_warning(warning, &error, nullptr);
  EXPECT_THAT(error->message,
              AllOf(HasSubstr("trained for another person"), HasSubstr("must be below 0.42")));
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
    EXPECT_EQ(worst(out(left), blurred(both, {hers})(left)), 0) << i;
    EXPECT_GT(worst(out(right), blurred(both, {his})(right)), 10) << i;
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
  EXPECT_THAT(refusal(with(other)), AllOf(HasSubstr(open_read), HasSubstr("not a model file of deid train")));
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
  EXPECT_THAT(refusal(with(file)), HasSubstr("passphrase is wrong"));
  ::setenv(faceswap::passphrase_variable, "a long word", 1);
  EXPECT_EQ(refusal(with(file)), "it started");
  ::unsetenv(faceswap::passphrase_variable);
}

} // namespace
} // namespace deid
