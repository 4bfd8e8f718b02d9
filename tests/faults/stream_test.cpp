// Difficult streams: sizes, formats, times, damage, delay.
#include "tests/faults/truth.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {

const char* const healthy = "deidfacedetect lookahead=3 ! deidfacemask name=cover";

Truth join(Truth first, const Truth& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<cv::Mat> resized(const std::vector<cv::Mat>& frames, cv::Size size) {
  std::vector<cv::Mat> out;
  for (const cv::Mat& frame : frames)
    cv::resize(frame, out.emplace_back(), size, 0, 0,
               size.width > frame.cols ? cv::INTER_LINEAR : cv::INTER_AREA);
  return out;
}

/// Truth of the frames that have number `first` and later.
Truth later(Truth truth, int first) {
  for (Original& original : truth)
    original.time += time_of(first);
  return truth;
}

void push_all(Line& line, const std::vector<cv::Mat>& frames, const std::string& format = "I420",
              int first = 0) {
  for (std::size_t i = 0; i < frames.size(); ++i)
    line.push(frame_of(frames[i], format, time_of(first + static_cast<int>(i))));
}

TEST(Caps, ChangeInTheMiddle) {
  const auto frames = footage(5);
  const auto small = resized(frames, {322, 182});
  for (const auto& [name, pictures, format] :
       {std::tuple{"size", small, "I420"}, {"format", frames, "NV12"}, {"size and format", small, "BGRx"}}) {
    const Truth truth = join(truth_of(frames), later(truth_of(pictures, "", format), 5));
    Line line(healthy);
    ASSERT_TRUE(line.start()) << line.error();
    push_all(line, frames);
    push_all(line, pictures, format, 5);
    line.finish();
    EXPECT_EQ(line.left().size(), 10U);
    report(std::string("caps change in the middle: ") + name, line, truth);
  }
}

TEST(Caps, ChangeToWhatIsNotOurs) {
  const auto frames = footage(4);
  const Truth truth = truth_of(frames);
  Line line(healthy);
  ASSERT_TRUE(line.start()) << line.error();
  push_all(line, frames);
  push_all(line, frames, "Y444", 4);
  line.finish();
  EXPECT_FALSE(line.error().empty());
  report("caps change to a format that is not supported (Y444)", line, truth);
}

TEST(Size, IsTinyOrOdd) {
  const auto frames = footage(4);
  for (const cv::Size size :
       {cv::Size(1, 1), cv::Size(2, 2), cv::Size(3, 200), cv::Size(321, 181), cv::Size(641, 361)})
    for (const char* format : {"I420", "NV12"}) {
      const auto pictures = resized(frames, size);
      const Truth truth = truth_of(pictures, "", format);
      Line line("deidfacedetect lookahead=1 ! deidfacemask name=cover");
      ASSERT_TRUE(line.start()) << line.error();
      push_all(line, pictures, format);
      line.finish();
      EXPECT_EQ(line.left().size(), 4U) << size << line.error();
      report("frames of " + std::to_string(size.width) + "x" + std::to_string(size.height) + " " + format,
             line, truth);
    }
}

TEST(Size, IsEightK) {
  const auto pictures = resized(footage(2), {7680, 4320});
  const Truth truth = truth_of(pictures);
  Line line(healthy);
  ASSERT_TRUE(line.start()) << line.error();
  push_all(line, pictures);
  line.finish();
  EXPECT_EQ(line.left().size(), 2U) << line.error();
  report("frames of 7680x4320", line, truth);
}

TEST(Face, LeavesHalfOfTheFrame) {
  std::vector<cv::Mat> pictures;
  const auto frames = footage(8);
  const Truth whole = truth_of(frames);
  const cv::Rect box = cv::boundingRect(whole.front().face);
  // the picture moves to the left until half of the face is beyond its edge
  const int most = box.x + box.width / 2;
  for (int i = 0; i < 8; ++i) {
    const int shift = most * i / 7;
    cv::Mat moved(frames.front().size(), CV_8UC3, cv::Scalar(60, 60, 60));
    const cv::Mat& from = frames[static_cast<std::size_t>(i)];
    from(cv::Rect(shift, 0, from.cols - shift, from.rows))
        .copyTo(moved(cv::Rect(0, 0, from.cols - shift, from.rows)));
    pictures.push_back(moved);
  }
  Truth truth = truth_of(pictures);
  for (int i = 0; i < 8; ++i) { // faces are known from the whole frames, not from the run on the moved ones
    const int shift = most * i / 7;
    cv::Mat face(whole.front().face.size(), CV_8UC1, cv::Scalar(0));
    const cv::Mat& from = whole[static_cast<std::size_t>(i)].face;
    from(cv::Rect(shift, 0, from.cols - shift, from.rows))
        .copyTo(face(cv::Rect(0, 0, from.cols - shift, from.rows)));
    truth[static_cast<std::size_t>(i)].face = face;
  }
  Line line(healthy);
  ASSERT_TRUE(line.start()) << line.error();
  push_all(line, pictures);
  line.finish();
  report("the face slides half out of the frame", line, truth);
}

TEST(Times, AreMissingOrGoBackwards) {
  const auto frames = footage(8);
  const Truth truth = truth_of(frames);
  for (const bool backwards : {false, true}) {
    Line line(healthy);
    ASSERT_TRUE(line.start()) << line.error();
    for (int i = 0; i < 8; ++i)
      line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420",
                         backwards ? time_of(7 - i) : GST_CLOCK_TIME_NONE));
    line.finish();
    EXPECT_EQ(line.left().size(), 8U) << line.error();
    // in the truth, a frame's time does not identify its picture: every frame is compared with all of them
    std::vector<Picture> left = line.left();
    for (Picture& picture : left)
      picture.time = GST_CLOCK_TIME_NONE;
    report(backwards ? "timestamps go backwards" : "no timestamps", line.story(), line.pushed(), truth, left);
  }
}

TEST(End, ComesEarly) {
  const auto frames = footage(3);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=30 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  push_all(line, frames);
  line.finish();
  EXPECT_EQ(line.left().size(), 3U);
  report("the stream ends before the lookahead is full", line, truth);
  Line empty("deidfacedetect lookahead=30 ! deidfacemask name=cover");
  ASSERT_TRUE(empty.start()) << empty.error();
  empty.finish();
  EXPECT_TRUE(empty.ended());
  EXPECT_TRUE(empty.left().empty());
  report("a stream without frames", empty, {});
}

TEST(Input, IsDamaged) {
  const Scratch scratch;
  const auto clip = footage_dir() / "single_face.mp4";
  const Truth truth = truth_of_clip(clip.string());
  for (const unsigned step : {20'011U, 997U, 211U}) {
    std::string bytes = read(clip);
    for (std::size_t i = bytes.size() / 4; i < bytes.size() * 3 / 4; i += step)
      bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    const auto file = scratch.path() / "damaged.mp4";
    write(file, bytes);
    const auto line = Line::whole("filesrc location=" + file.string() +
                                  " ! decodebin ! deidfacedetect lookahead=10 ! deidfacemask name=cover ! "
                                  "appsink name=out sync=false");
    line->start();
    line->wait();
    report("input damaged, one byte of " + std::to_string(step) + " wrong", line->story(),
           static_cast<int>(truth.size()), truth, line->left());
  }
}

TEST(Input, EndsInTheMiddle) {
  const Scratch scratch;
  const auto clip = footage_dir() / "single_face.mp4";
  const Truth truth = truth_of_clip(clip.string());
  const auto file = scratch.path() / "cut.mp4";
  write(file, read(clip).substr(0, 120'000));
  const auto line = Line::whole(
      "filesrc location=" + file.string() +
      " ! decodebin ! deidfacedetect lookahead=10 ! deidfacemask name=cover ! appsink name=out sync=false");
  line->start();
  line->wait();
  report("input cut off", line->story(), static_cast<int>(truth.size()), truth, line->left());
}

TEST(Frames, ComeTooLate) {
  const auto clip = footage_dir() / "single_face.mp4";
  const Truth truth = truth_of_clip(clip.string());
  const auto line =
      Line::whole("filesrc location=" + clip.string() +
                  " ! decodebin ! deidfacedetect lookahead=0 qos=true ! deidfacemask name=cover qos=true ! "
                  "identity sleep-time=60000 ! appsink name=out sync=true qos=true max-buffers=2");
  ASSERT_TRUE(line->start()) << line->error();
  line->wait();
  EXPECT_LT(line->left().size(), truth.size()) << "no frame was late in this test";
  report("late frames with qos=true", line->story(), static_cast<int>(truth.size()), truth, line->left());
}

TEST(Clip, IsSoughtInWhilePlaying) {
  const auto clip = footage_dir() / "single_face.mp4";
  const Truth truth = truth_of_clip(clip.string());
  const auto line = Line::whole("filesrc location=" + clip.string() +
                                " ! decodebin ! deidfacedetect lookahead=10 ! deidfacemask name=cover ! "
                                "appsink name=out sync=false max-buffers=2");
  ASSERT_TRUE(line->start()) << line->error();
  const auto seek = [&line](GstClockTime to, GstSeekFlags flags) {
    EXPECT_TRUE(gst_element_seek_simple(line->pipeline(), GST_FORMAT_TIME,
                                        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | flags),
                                        static_cast<gint64>(to)));
  };
  line->await(5);
  seek(time_of(50), GST_SEEK_FLAG_ACCURATE);
  line->await(9);
  seek(0, GST_SEEK_FLAG_KEY_UNIT);
  line->await(20);
  seek(time_of(30), GST_SEEK_FLAG_ACCURATE);
  line->wait();
  EXPECT_GT(line->left().size(), 40U);
  report("three seeks with flush, frames waiting", line->story(), static_cast<int>(truth.size()), truth,
         line->left());
}

} // namespace
} // namespace deid::test
