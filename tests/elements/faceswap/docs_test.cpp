// The launch line of docs/faceswap.md runs as it stands there, on a clip.
#include "tests/elements/faceswap/made_target.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <fstream>
#include <gst/gst.h>
#include <gtest/gtest.h>

namespace {

std::string launch_line() {
  std::ifstream in(std::string(DEID_SOURCE_DIR) + "/docs/faceswap.md");
  const std::string start = "gst-launch-1.0 ";
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

TEST(Docs, TheLaunchLineOfFaceswapRuns) {
  gst_init(nullptr, nullptr);
  const deid::test::Scratch scratch;
  const auto clip = deid::test::footage_dir() / "single_face.mp4";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "set-up has not fetched " << clip;
  const auto out = scratch.path() / "out.mp4", target = scratch.path() / "nobody.json";
  deid::faceswap::write_target(target,
                               deid::test::target_of(deid::test::decode(clip, {0}).front(), "nobody"));
  std::string line = launch_line();
  replace(line, "location=in.mp4", "location=" + clip.string());
  replace(line, "target=nobody.json", "target=" + target.string());
  replace(line, "location=out.mp4", "location=" + out.string());
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
  ASSERT_EQ(error, nullptr) << error->message;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 120 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
  gst_message_unref(end);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  EXPECT_GT(std::filesystem::file_size(out), 10'000U);
}

} // namespace
