// The element with dlib's network and faces of people: the target of each person, refusals, and that no
// result that is too close leaves.
#include "tests/elements/faceswap/choice_fixture.hpp"
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {

TEST_F(Choice, AFarTargetIsDrawnFromTheFirstFrame) {
  open({{"target-bank", bank()}});
  const cv::Mat out = shown(man_, {man_face_});
  EXPECT_GT(worst(out, blurred(man_, {man_face_})), 10);
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 1U);
  EXPECT_EQ(test::stat(bench_->element, "verified"), 1U);
  EXPECT_GT(test::stat(bench_->element, "distance-worst-thousandths"), 600U);
  EXPECT_NE(event("chosen").find("target=(string)"), std::string::npos);
}

TEST_F(Choice, ATargetThatIsThePersonIsRefusedAndTheFaceBlurred) {
  open({{"target", put("man.json", the_man({}))}});
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 0) << i;
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 0U);
  GstMessage* warning = bench_->message(GST_MESSAGE_WARNING);
  ASSERT_NE(warning, nullptr);
  GError* error = nullptr;
  gst_message_parse_warning(warning, &error, nullptr);
  EXPECT_NE(std::string(error->message).find("its distance is 0."), std::string::npos) << error->message;
  EXPECT_NE(std::string(error->message).find("must be 0.600"), std::string::npos) << error->message;
  g_error_free(error);
  gst_message_unref(warning);
  EXPECT_NE(event("refused").find("target-too-close"), std::string::npos);
}

TEST_F(Choice, AResultThatIsThePersonDoesNotLeave) {
  open({{"target", put("liar.json", the_man(far_away(0)))}, {"audit", file("audit.jsonl")}});
  for (int i = 0; i < 40; ++i) {
    const cv::Mat out = shown(man_, {man_face_});
    ASSERT_EQ(worst(out, blurred(man_, {man_face_})), 0) << i;
    ASSERT_GT(worst(out, man_), 10) << i;
  }
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 0U);
  EXPECT_GE(test::stat(bench_->element, "refused"), 1U);
  EXPECT_NE(event("covered").find("result-too-close"), std::string::npos);
  EXPECT_NE(test::read(file("audit.jsonl")).find("average (result-too-close, distance 0."),
            std::string::npos);
}

TEST_F(Choice, TwoPeopleHaveTwoTargetsAndIdsThatAreExchangedExchangeNothing) {
  // these two targets are not far enough from each person; this test checks only the assignment
  open({{"target-bank", bank()}, {"audit", file("audit.jsonl")}, {"least-distance", "0.5"}});
  cv::Mat both(std::max(man_.rows, woman_.rows), man_.cols + woman_.cols, CV_8UC3, cv::Scalar::all(30));
  const cv::Point beside(man_.cols, 0);
  man_.copyTo(both(cv::Rect({0, 0}, man_.size())));
  woman_.copyTo(both(cv::Rect(beside, woman_.size())));
  const auto faces = [&](std::uint32_t man, std::uint32_t woman) {
    return std::vector{test::moved(man_face_, {}, man), test::moved(woman_face_, beside, woman)};
  };
  for (int i = 0; i < 5; ++i)
    shown(both, faces(1, 2));
  for (int i = 0; i < 45; ++i)
    shown(both, faces(2, 1)); // facedetect exchanged the ids
  std::vector<std::string> man, woman;
  std::istringstream lines(test::read(file("audit.jsonl")));
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (!json.contains("faces"))
      continue;
    man.push_back(json["faces"][0]["done"]);
    woman.push_back(json["faces"][1]["done"]);
  }
  ASSERT_EQ(man.size(), 50U);
  const std::string mans = man[3].substr(0, 8), womans = woman[3].substr(0, 8);
  EXPECT_TRUE(mans == "swap one" || mans == "swap two") << mans;
  EXPECT_TRUE(womans == "swap one" || womans == "swap two") << womans;
  EXPECT_NE(mans, womans);
  for (std::size_t i = 30; i < man.size(); ++i) {
    EXPECT_EQ(man[i].substr(0, 8), mans) << i << ": " << man[i];
    EXPECT_EQ(woman[i].substr(0, 8), womans) << i << ": " << woman[i];
  }
}

TEST_F(Choice, AfterASeekThePersonHasTheSameTarget) {
  open({{"target-bank", bank()}});
  shown(man_, {man_face_});
  const std::string first = event("chosen");
  ASSERT_NE(first, "");
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench_->harness.get(), gst_event_new_segment(&segment));
  shown(man_, {test::moved(man_face_, {}, 77)});
  EXPECT_EQ(test::stat(bench_->element, "faces-swapped"), 2U);
  EXPECT_EQ(event("chosen"), "") << "taken for somebody new";
}

TEST_F(Choice, WhoIsNotAssignedIsCovered) {
  open({{"target-bank", bank()}, {"assign", "7,8"}});
  EXPECT_EQ(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 0);
  EXPECT_EQ(test::stat(bench_->element, "described"), 0U) << "nobody asked who this is";
  gst_util_set_object_arg(G_OBJECT(bench_->element), "others", "fill");
  const cv::Mat out = shown(man_, {man_face_});
  const cover::Mask mask = cover::rasterize(man_face_, cover::Shape::contour, .02F, man_.size());
  EXPECT_EQ(cv::norm(out(mask.bounds), cv::NORM_INF, mask.mask), 0) << "not black";
}

TEST_F(Choice, AWishNobodyUnderstandsStopsIt) {
  EXPECT_TRUE(refused({{"target-bank", bank()}, {"assign", "lft"}}, GST_RESOURCE_ERROR_SETTINGS, "\"lft\""));
  open({{"target-bank", bank()}});
  shown(man_, {man_face_});
  g_object_set(bench_->element, "assign", "lft", nullptr);
  EXPECT_EQ(bench_->push(test::frame_with(man_, {man_face_})), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->pull(), nullptr);
  EXPECT_EQ(bench_->error(), test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
}

TEST_F(Choice, ABankThatIsNotRightIsRefused) {
  const std::string folder = file("bank");
  EXPECT_TRUE(refused({{"target-bank", folder}}, GST_RESOURCE_ERROR_NOT_FOUND, "no such folder"));
  fs::create_directories(folder);
  EXPECT_TRUE(refused({{"target-bank", folder}}, GST_RESOURCE_ERROR_OPEN_READ, "holds no target file"));
  bank();
  EXPECT_EQ(refusal({{"target-bank", folder}}), "it started");
  EXPECT_EQ(refusal({{"target", "auto"}, {"target-bank", folder}}), "it started");
  EXPECT_TRUE(refused({{"target", folder + "/one.json"}, {"target-bank", folder}},
                      GST_RESOURCE_ERROR_SETTINGS, "not both"));
  test::write(folder + "/zzz.json", "{\"format\":\"deid-target-1\"");
  EXPECT_TRUE(refused({{"target-bank", folder}}, GST_RESOURCE_ERROR_OPEN_READ, "zzz.json"));
  fs::remove(folder + "/zzz.json");
  EXPECT_TRUE(refused({{"target-bank", folder}, {"gallery", file("none")}}, GST_RESOURCE_ERROR_NOT_FOUND,
                      "no such folder"));
  EXPECT_TRUE(refused({{"target", ":"}}, GST_RESOURCE_ERROR_SETTINGS, "no target file"));
}

TEST_F(Choice, PeopleGetOnlyTheNamedTargetsOfTheBank) {
  for (const std::string name : {"one", "two"}) {
    open({{"target-bank", bank()}, {"target-names", name}, {"least-distance", "0.5"}});
    bench_->caps("RGB", man_.cols, man_.rows);
    shown(man_, {man_face_});
    EXPECT_NE(event("chosen").find("target=(string)" + name), std::string::npos) << name;
  }
  for (const Settings& wrong : {Settings{{"target-names", "one,three"}}, {{"target-names", ","}}})
    EXPECT_TRUE(refused(wrong, GST_RESOURCE_ERROR_SETTINGS, "has no target "));
}

TEST_F(Choice, WithoutASettingTheBankBesideTheModelsIsUsed) {
  const fs::path models = fs::path(DEID_DEPS_DIR) / "models";
  fs::create_directories(file("data"));
  fs::create_directory_symlink(models, file("data/models"));
  const ModelDir here(file("data/models"));
  EXPECT_TRUE(refused({}, GST_RESOURCE_ERROR_NOT_FOUND, "Run ./meson-free-scripts/setup"));
  put("data/targets/made.json", texture(0));
  open({});
  shown(man_, {man_face_});
  EXPECT_NE(event("chosen").find("made"), std::string::npos);
}

TEST_F(Choice, WithoutItsModelsNothingStartsThatNeedsThem) {
  const std::string man = put("man.json", the_man(far_away(0))), folder = bank();
  fs::create_directories(file("empty"));
  const ModelDir here(file("empty"));
  const char* mend = "Run ./meson-free-scripts/setup";
  EXPECT_TRUE(refused({{"target-bank", folder}}, GST_RESOURCE_ERROR_NOT_FOUND, mend));
  EXPECT_TRUE(refused({{"target-bank", folder}, {"verify", "0"}}, GST_RESOURCE_ERROR_NOT_FOUND, mend));
  EXPECT_TRUE(refused({{"target", man}}, GST_RESOURCE_ERROR_NOT_FOUND, mend));
  EXPECT_TRUE(refused({{"target", man}, {"verify", "0"}}, GST_RESOURCE_ERROR_NOT_FOUND, mend)) << "the mesh";
  EXPECT_TRUE(
      refused({{"target", man}, {"verify", "0"}, {"correct", "false"}}, GST_RESOURCE_ERROR_NOT_FOUND, mend))
      << "hands";
  EXPECT_EQ(refusal({{"target", man}, {"verify", "0"}, {"correct", "false"}, {"hands", "false"}}),
            "it started");
  open({{"target", man}, {"verify", "0"}, {"correct", "false"}, {"hands", "false"}});
  EXPECT_GT(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 10);
  g_object_set(bench_->element, "verify", 15, nullptr); // too late to refuse the start: nothing leaves
  EXPECT_EQ(bench_->push(test::frame_with(man_, {man_face_})), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->pull(), nullptr);
}

TEST_F(Choice, AGalleryOfStrangersIsCounted) {
  std::string people;
  for (int i = 0; i < 20; ++i) {
    std::string numbers = "9";
    for (int k = 1; k < 128; ++k)
      numbers += ",0";
    people += std::string(i > 0 ? "," : "") + R"({"name":"s","descriptor":[)" + numbers + "]}";
  }
  fs::create_directories(file("gallery"));
  test::write(file("gallery/strangers.json"), R"({"format":"deid-gallery-1","people":[)" + people + "]}");
  // all strangers are farther from each face than the man himself, so he would be recognised and stays
  // blurred
  open({{"target-bank", bank()}, {"gallery", file("gallery")}, {"geometry-auto", "false"}});
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(worst(shown(man_, {man_face_}), blurred(man_, {man_face_})), 0) << i;
  EXPECT_NE(event("covered").find("rank=(int)1"), std::string::npos);
  g_object_set(bench_->element, "least-gallery", 100, nullptr);
  for (int i = 0; i < 90; ++i)
    shown(man_, {man_face_});
  EXPECT_GT(test::stat(bench_->element, "faces-swapped"), 0U) << "too few to say anything";
}

TEST_F(Choice, PropertiesHaveTheirRangesAndDefaults) {
  open({{"target-bank", bank()}});
  const auto spec = [&](const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(bench_->element), name);
  };
  const auto* least = G_PARAM_SPEC_FLOAT(spec("least-distance"));
  EXPECT_FLOAT_EQ(least->default_value, .6F);
  EXPECT_FLOAT_EQ(least->maximum, 2.F);
  const auto* verify = G_PARAM_SPEC_INT(spec("verify"));
  EXPECT_EQ(verify->default_value, 15);
  EXPECT_EQ(verify->minimum, 0);
  const auto* geometry = G_PARAM_SPEC_FLOAT(spec("geometry"));
  EXPECT_FLOAT_EQ(geometry->default_value, 0.F);
  EXPECT_FLOAT_EQ(geometry->maximum, 1.F);
  EXPECT_EQ(G_PARAM_SPEC_BOOLEAN(spec("geometry-auto"))->default_value, TRUE);
  EXPECT_STREQ(G_PARAM_SPEC_STRING(spec("assign"))->default_value, "everyone");
  for (const auto& [name, value] : Settings{{"least-distance", "0.75"},
                                            {"least-gallery", "3"},
                                            {"verify", "0"},
                                            {"geometry", "0.5"},
                                            {"geometry-auto", "false"},
                                            {"assign", "left"},
                                            {"gallery", "/somewhere"}}) {
    gst_util_set_object_arg(G_OBJECT(bench_->element), name.c_str(), value.c_str());
    GValue read = G_VALUE_INIT;
    g_value_init(&read, G_PARAM_SPEC_VALUE_TYPE(spec(name.c_str())));
    g_object_get_property(G_OBJECT(bench_->element), name.c_str(), &read);
    GValue written = G_VALUE_INIT;
    g_value_init(&written, G_TYPE_STRING);
    ASSERT_TRUE(g_value_transform(&read, &written)) << name;
    EXPECT_EQ(g_ascii_strncasecmp(g_value_get_string(&written), value.c_str(), value.size()), 0)
        << name << " is " << g_value_get_string(&written);
    g_value_unset(&written);
    g_value_unset(&read);
  }
}

} // namespace
} // namespace deid::test
