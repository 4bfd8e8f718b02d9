// Stamps that are missing, of another picture, or nonsense.
#include "elements/meta/face_meta.hpp"
#include "tests/faults/truth.hpp"
#include "tests/support/frames.hpp"
#include <cmath>
#include <gst/video/gstvideometa.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {

constexpr int count = 6;

using Change = std::function<void(GstBuffer*&)>;

/// Runs the footage with `change` between facedetect and the cover.
void play(const std::string& fault, const Change& change, const std::string& story,
          const std::string& cover = "deidfacemask", std::size_t leaving = count) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=0 ! " + cover + " name=cover");
  if (change)
    line.at("cover", "sink", change);
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_NE(line.story().find(story), std::string::npos) << line.story();
  EXPECT_EQ(line.left().size(), leaving);
  report(fault, line, truth);
}

/// Changes the stamp, not the pixels.
Change stamped(const std::function<void(FaceFrame&)>& change) {
  return [change](GstBuffer*& buffer) {
    buffer = gst_buffer_make_writable(buffer);
    FaceFrame frame = *find_faces(buffer);
    change(frame);
    attach_faces(buffer, std::move(frame));
  };
}

Change region(const std::function<void(FaceRegion&)>& change) {
  return stamped([change](FaceFrame& frame) {
    for (FaceRegion& face : frame.faces)
      change(face);
  });
}

/// Other pixels under the same stamp. rgb: of the footage's size.
Change swapped_for(const std::vector<cv::Mat>& pictures) {
  return [pictures, n = std::size_t{0}](GstBuffer*& buffer) mutable {
    const cv::Mat& rgb = pictures[std::min(n++, pictures.size() - 1)];
    Frame other = frame_of(rgb, "I420", GST_BUFFER_PTS(buffer));
    gst_buffer_copy_into(other.buffer.get(), buffer, GST_BUFFER_COPY_META, 0, static_cast<gsize>(-1));
    gst_buffer_unref(buffer);
    buffer = other.buffer.release();
  };
}

TEST(Stamp, IsMissingWithoutFacedetect) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  for (const char* cover : {"deidfacemask", "deidfaceblur"}) {
    Line line(std::string(cover) + " name=cover");
    ASSERT_TRUE(line.start()) << line.error();
    for (int i = 0; i < count; ++i)
      line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
    line.finish();
    EXPECT_EQ(line.left().size(), static_cast<std::size_t>(count));
    report(std::string("no facedetect before ") + cover, line, truth);
  }
}

TEST(Stamp, IsStripped) {
  const Change strip = [](GstBuffer*& buffer) {
    buffer = gst_buffer_make_writable(buffer);
    gst_buffer_foreach_meta(
        buffer,
        [](GstBuffer*, GstMeta** meta, gpointer) -> gboolean {
          *meta = nullptr;
          return TRUE;
        },
        nullptr);
  };
  play("all metadata stripped", strip, "6 frames covered whole (no-stamp)");
  play("all metadata stripped, faceblur", strip, "6 frames covered whole (no-stamp)", "deidfaceblur");
  play("all metadata stripped, on-doubt=drop", strip, "6 frames dropped", "deidfacemask on-doubt=drop", 0);
  play("all metadata stripped, on-doubt=error", strip, "stopped: gst-stream-error",
       "deidfacemask on-doubt=error", 0);
}

TEST(Stamp, OfEveryOtherFrameIsStripped) {
  const Change strip = [n = 0](GstBuffer*& buffer) mutable {
    if (n++ % 2 == 0)
      return;
    Buffer bare(gst_buffer_copy_region(
        buffer, static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_MEMORY | GST_BUFFER_COPY_TIMESTAMPS), 0,
        static_cast<gsize>(-1)));
    gst_buffer_unref(buffer);
    buffer = bare.release();
  };
  play("metadata of every other frame stripped", strip, "3 frames covered whole (no-stamp)");
}

TEST(Stamp, IsOfAnotherPicture) {
  const auto frames = footage(count);
  std::vector<cv::Mat> mirrored, other;
  for (const cv::Mat& frame : frames) {
    cv::flip(frame, mirrored.emplace_back(), 1);
    cv::Mat moved = frame.clone();
    frame(cv::Rect(0, 0, frame.cols - 100, frame.rows))
        .copyTo(moved(cv::Rect(100, 0, frame.cols - 100, frame.rows)));
    other.push_back(moved);
  }
  for (const auto& [name, pictures] : {std::pair{"mirrored", mirrored}, {"moved by 100 px", other}}) {
    const Truth truth = truth_of(pictures);
    Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover");
    line.at("cover", "sink", swapped_for(pictures));
    ASSERT_TRUE(line.start()) << line.error();
    for (int i = 0; i < count; ++i)
      line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
    line.finish();
    report(std::string("pixels exchanged after facedetect: ") + name, line, truth);
  }
}

/// The clip's face, `size` px wide, with some of its surroundings, in a scene.
cv::Mat with_face(const cv::Mat& scene, const cv::Mat& frame, const cv::Rect& box, int size) {
  const int around = box.width / 3;
  const cv::Rect head =
      cv::Rect(box.x - around, box.y - around, box.width + 2 * around, box.height + 2 * around) &
      cv::Rect({0, 0}, frame.size());
  const double scale = static_cast<double>(size) / box.width;
  cv::Mat small;
  cv::resize(frame(head), small, {}, scale, scale, cv::INTER_AREA);
  const cv::Rect place = cv::Rect(120, 40, small.cols, small.rows) & cv::Rect({0, 0}, scene.size());
  cv::Mat peopled = scene.clone();
  small(cv::Rect({0, 0}, place.size())).copyTo(peopled(place));
  return peopled;
}

// A scene without people is stamped; then a person stands in it.
TEST(Stamp, IsOfTheEmptyScene) {
  const auto frames = footage(count);
  const cv::Rect box = cv::boundingRect(truth_of(frames).front().face);
  cv::Mat plain(360, 640, CV_8UC3);
  for (int y = 0; y < plain.rows; ++y)
    for (int x = 0; x < plain.cols; ++x)
      plain.at<cv::Vec3b>(y, x) =
          cv::Vec3b(static_cast<uchar>(40 + x / 4), static_cast<uchar>(60 + y / 4), 90);
  const cv::Mat room = decode(footage_dir() / "no_face.mp4", {20}).front();
  for (const auto& [name, scene] : {std::pair{"a plain wall", plain}, {"a real scene", room}})
    for (const int size : {160, 80, 48, 32}) {
      std::vector<cv::Mat> peopled;
      for (const cv::Mat& frame : frames)
        peopled.push_back(with_face(scene, frame, box, size));
      const Truth truth = truth_of(peopled);
      EXPECT_GT(cv::countNonZero(truth.front().face), size * size / 2) << "the face is not found: " << size;
      Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover");
      line.at("cover", "sink", swapped_for(peopled));
      ASSERT_TRUE(line.start()) << line.error();
      for (int i = 0; i < count; ++i)
        line.push(frame_of(scene, "I420", time_of(i)));
      line.finish();
      report("pixels exchanged: a face of " + std::to_string(size) + " px before " + name +
                 " that was stamped empty",
             line, truth);
    }
}

TEST(Region, IsNoNumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  play("NaN in a region's box", region([nan](FaceRegion& face) { face.box.x = nan; }),
       "6 frames covered whole (bad-region)");
  play("NaN in a landmark", region([nan](FaceRegion& face) {
         if (!face.landmarks.empty())
           face.landmarks.front().x = nan;
       }),
       "6 frames covered whole (bad-region)", "deidfacemask shape=contour");
  play("infinite width of a region",
       region([](FaceRegion& face) { face.box.width = std::numeric_limits<float>::infinity(); }),
       "6 frames covered whole (bad-region)");
}

TEST(Region, IsAbsurd) {
  play("region of no size", region([](FaceRegion& face) { face.box.width = 0; }),
       "6 frames covered whole (bad-region)");
  play("region of negative size", region([](FaceRegion& face) { face.box.height = -50; }),
       "6 frames covered whole (bad-region)");
  play("region a million px away", region([](FaceRegion& face) { face.box.x = 3e6F; }),
       "6 frames covered whole (bad-region)");
  play("half of the landmarks are missing", region([](FaceRegion& face) { face.landmarks.resize(200); }),
       "6 frames covered whole (bad-region)");
}

TEST(Region, IsOutsideTheFrame) {
  const auto away = region([](FaceRegion& face) {
    face.landmarks.clear();
    face.box.x += 5000;
  });
  play("region outside the frame", away, "6 frames covered whole (bad-region)");
  play("region left of the frame", region([](FaceRegion& face) {
         face.landmarks.clear();
         face.box.x = -900;
       }),
       "6 frames covered whole (bad-region)");
}

TEST(Stamp, SaysAnotherSize) {
  play("stamp of a frame of another size", stamped([](FaceFrame& frame) { frame.width += 2; }),
       "6 frames covered whole (wrong-size)");
}

TEST(Stamp, OfOthersElementsAddsToOurs) {
  play(
      "a foreign region as well, of no size",
      [](GstBuffer*& buffer) {
        buffer = gst_buffer_make_writable(buffer);
        gst_buffer_add_video_region_of_interest_meta(buffer, "face", 10, 10, 0, 0);
      },
      "faces covered");
}

TEST(Stamp, OfOthersElementsIsOutsideTheFrame) {
  play(
      "a foreign region as well, outside the frame",
      [](GstBuffer*& buffer) {
        buffer = gst_buffer_make_writable(buffer);
        gst_buffer_add_video_region_of_interest_meta(buffer, "face", 5000, 10, 50, 50);
      },
      "6 frames covered whole (bad-region)");
}

} // namespace
} // namespace deid::test
