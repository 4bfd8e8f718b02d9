// The page about identitymeter: its line runs on a clip, its table knows every property, the README names it.
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace {

std::string page() {
  return deid::test::read(std::string(DEID_SOURCE_DIR) + "/docs/identitymeter.md");
}

std::string launch_line() {
  std::istringstream in(page());
  const std::string start = "    gst-launch-1.0 ";
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start))
      return line.substr(start.size());
  return "";
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

TEST(Docs, TheLaunchLineOfIdentitymeterRuns) {
  gst_init(nullptr, nullptr);
  if (!std::filesystem::exists(std::filesystem::path(DEID_DEPS_DIR) / "targets"))
    GTEST_SKIP() << "set-up has not made the bank of targets";
  const deid::test::Scratch scratch;
  const auto report = scratch.path() / "report.json";
  std::string line = launch_line();
  replace(line, "location=in.mp4", "location=" + (deid::test::footage_dir() / "single_face.mp4").string());
  replace(line, "location=report.json", "location=" + report.string());
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
  ASSERT_EQ(error, nullptr) << error->message;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 200 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
  gst_message_unref(end);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  const auto said = nlohmann::json::parse(deid::test::read(report));
  EXPECT_GT(said["counts"]["measured"], 60);
  EXPECT_GT(said["distances"]["swapped"]["to_original"]["mean"], .6);
}

TEST(Docs, TheTableOfIdentitymeterKnowsEveryProperty) {
  gst_init(nullptr, nullptr);
  const std::string text = page();
  GstElement* meter = gst_element_factory_make("deididentitymeter", nullptr);
  ASSERT_NE(meter, nullptr);
  guint count = 0;
  GParamSpec** all = g_object_class_list_properties(G_OBJECT_GET_CLASS(meter), &count);
  for (guint i = 0; i < count; ++i) {
    const std::string name = g_param_spec_get_name(all[i]);
    const bool inherited = name == "name" || name == "parent" || name == "qos";
    EXPECT_TRUE(inherited || text.find("\n| " + name + " |") != std::string::npos) << name;
  }
  g_free(all);
  gst_object_unref(meter);
  GstElement* by_short_name = gst_element_factory_make("identitymeter", nullptr);
  EXPECT_NE(by_short_name, nullptr);
  gst_clear_object(&by_short_name);
}

} // namespace
