// The element with FaceRes: the second judge, and the looks of people. Both without its files.
#include "tests/elements/faceswap/choice_fixture.hpp"

namespace deid::test {
namespace {

/// A folder with all of set-up's models but the second judge's.
class WithoutSecondJudge : public Choice {
protected:
  void SetUp() override {
    Choice::SetUp();
    if (IsSkipped())
      return;
    fs::create_directories(file("data/models"));
    for (const models::Weight& weight : models::weights())
      if (weight.part.empty())
        fs::create_symlink(models::locate(weight.name), file("data/models/" + weight.file));
  }
};

TEST_F(WithoutSecondJudge, OneJudgesAndAWarningSaysSo) {
  const std::string folder = bank();
  const ModelDir here(file("data/models"));
  open({{"target-bank", folder}, {"second-judge", "auto"}});
  for (int i = 0; i < 20; ++i)
    shown(man_, {man_face_});
  EXPECT_EQ(test::stat(bench_->element, "judges"), 1U);
  EXPECT_GT(test::stat(bench_->element, "faces-swapped"), 0U);
  GstMessage* warning = bench_->message(GST_MESSAGE_WARNING);
  ASSERT_NE(warning, nullptr);
  GError* error = nullptr;
  gst_message_parse_warning(warning, &error, nullptr);
  EXPECT_NE(std::string(error->message).find("Only one recogniser"), std::string::npos) << error->message;
  g_error_free(error);
  gst_message_unref(warning);
}

TEST_F(WithoutSecondJudge, NothingStartsThatNeedsItOrFindsItDamaged) {
  const std::string folder = bank();
  const ModelDir here(file("data/models"));
  const Settings needed{{"target-bank", folder}, {"second-judge", "needed"}};
  const std::string missing = refusal(needed); // of its two files, either may be looked for first
  EXPECT_NE(missing.find("Model file faceres."), std::string::npos) << missing;
  EXPECT_NE(missing.find("is missing"), std::string::npos) << missing;
  test::write(file("data/models/faceres.bin"), "damaged");
  const Settings wanted{{"target-bank", folder}, {"second-judge", "auto"}};
  EXPECT_NE(refusal(wanted).find("faceres"), std::string::npos)
      << "half of it is there: no silent step back to one judge";
  fs::create_symlink(fs::path(DEID_DEPS_DIR) / "models/faceres.json", file("data/models/faceres.json"));
  EXPECT_NE(refusal(wanted).find("is not the one of"), std::string::npos);
  EXPECT_EQ(refusal({{"target-bank", folder}, {"second-judge", "off"}, {"keep-looks", "false"}}),
            "it started");
  EXPECT_NE(refusal({{"target-bank", folder}, {"second-judge", "off"}}).find("is not the one of"),
            std::string::npos)
      << "looks need it, too";
}

TEST_F(WithoutSecondJudge, TheChoiceDoesWithoutLooks) {
  const std::string folder = bank();
  const ModelDir here(file("data/models"));
  open({{"target-bank", folder}});
  for (int i = 0; i < 20; ++i)
    shown(man_, {man_face_});
  EXPECT_GT(test::stat(bench_->element, "faces-swapped"), 0U);
}

/// A target of his own sex and one of the other, equally far. The network sees the sex of the man.
TEST_F(Choice, KeepsTheSexOfThePerson) {
  Target own = texture(1), other = texture(0);
  own.looks = models::Looks{1, 35};
  other.looks = models::Looks{0, 35};
  put("bank/one.json", other);
  put("bank/two.json", own);
  open({{"target-bank", file("bank")}});
  for (int i = 0; i < 4; ++i)
    shown(man_, {man_face_});
  const std::string chosen = event("chosen");
  EXPECT_NE(chosen.find("target=(string)two"), std::string::npos) << chosen;
  EXPECT_EQ(chosen.find("unlike"), std::string::npos) << chosen;
}

TEST_F(Choice, SaysThatTheOnlyTargetIsOfTheOtherSex) {
  Target other = texture(0);
  other.looks = models::Looks{0, 35};
  put("bank/one.json", other);
  open({{"target-bank", file("bank")}});
  for (int i = 0; i < 4; ++i)
    shown(man_, {man_face_});
  EXPECT_NE(event("chosen").find("unlike=(string)sex"), std::string::npos);
}

/// `verify` is set after a start without checks: the second judge is asked, too, or nothing leaves.
TEST_F(WithoutSecondJudge, ChecksThatBeginLateDoNotForgetIt) {
  const std::string man = put("man.json", the_man(far_away(0)));
  const ModelDir here(file("data/models"));
  open({{"target", man}, {"verify", "0"}, {"second-judge", "needed"}});
  EXPECT_GT(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 10);
  g_object_set(bench_->element, "verify", 15, nullptr);
  EXPECT_EQ(bench_->push(test::frame_with(man_, {man_face_})), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->pull(), nullptr);
}

TEST_F(Choice, TheSecondJudgeAloneKeepsAResultBack) {
  open({{"target-bank", bank()},
        {"second-judge", "needed"},
        {"second-covers", "true"},
        {"second-least-distance", "2"},
        {"geometry-auto", "false"}});
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 0) << i;
  EXPECT_EQ(test::stat(bench_->element, "judges"), 2U);
  EXPECT_GT(test::stat(bench_->element, "refused-by-second"), 0U);
  EXPECT_NE(event("covered").find("second-distance"), std::string::npos);
}

} // namespace
} // namespace deid::test
