#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/media/source.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/turned.hpp"
#include <fstream>

namespace deid::test {
namespace {

struct SourceTest : ClipTest {};

TEST_F(SourceTest, KnowsSizeFormatAndRate) {
  const auto file = make_plain("a.mp4", "98x54");
  if (IsSkipped())
    return;
  const cli::Source s = cli::inspect(file);
  EXPECT_EQ(s.width, 98);
  EXPECT_EQ(s.height, 54);
  EXPECT_EQ(s.format, "I420");
  EXPECT_EQ(s.fps_n, 25);
  EXPECT_EQ(s.video_streams, 1);
  EXPECT_EQ(s.audio_streams, 0);
  EXPECT_NEAR(1e-9 * static_cast<double>(s.duration), 0.8, 0.05);
}

TEST_F(SourceTest, KnowsThatAPhoneWasTurned) {
  const auto plain = make_plain("a.mp4", "96x48");
  const auto turned = make("t.mp4", turned_copy_of(plain));
  if (IsSkipped())
    return;
  const cli::Source s = cli::inspect(turned);
  EXPECT_TRUE(s.turned);
  EXPECT_EQ(s.shown_width(), 48);
  EXPECT_EQ(s.shown_height(), 96);
}

TEST_F(SourceTest, RefusesWhatIsNoVideo) {
  EXPECT_THROW(cli::inspect(dir / "none.mp4"), cli::Failure);
  EXPECT_THROW(cli::inspect(dir), cli::Failure);
  std::ofstream(dir / "text.mp4") << "this is not a video at all, only words and more words";
  EXPECT_THROW(cli::inspect(dir / "text.mp4"), cli::Failure);
  std::ofstream(dir / "empty.mp4") << "";
  EXPECT_THROW(cli::inspect(dir / "empty.mp4"), cli::Failure);
  const auto sound = make("sound.mp4", "-f lavfi -i sine=duration=0.5 -c:a aac");
  if (IsSkipped())
    return;
  try {
    cli::inspect(sound);
    FAIL() << "a file without video was taken";
  } catch (const cli::Failure& e) {
    EXPECT_NE(std::string(e.what()).find("no video stream"), std::string::npos) << e.what();
  }
}

TEST_F(SourceTest, CountsThePicturesOfAGif) {
  const auto gif = make("a.gif", "-f lavfi -i testsrc=duration=0.7:size=40x30:rate=10");
  if (IsSkipped())
    return;
  const auto times = cli::gif_times(gif);
  ASSERT_EQ(times.size(), 8U);
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_EQ(times[i], static_cast<std::int64_t>(i) * 100'000'000);
  EXPECT_TRUE(cli::is_gif(gif));
  std::filesystem::resize_file(gif, std::filesystem::file_size(gif) / 2);
  EXPECT_TRUE(cli::gif_times(gif).empty());
  EXPECT_THROW(cli::inspect(gif), cli::Failure);
  EXPECT_TRUE(cli::gif_times(dir / "none").empty());
}

} // namespace
} // namespace deid::test
