#include "tests/faults/patches.hpp"
#include "tests/support/frames.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace deid::test {

namespace {

constexpr int same_level = 2;
constexpr int dark = 24;

std::vector<Picture> through(const std::vector<cv::Mat>& frames, const std::string& middle,
                             const std::string& format) {
  Line line(middle);
  EXPECT_TRUE(line.start()) << line.error();
  for (std::size_t i = 0; i < frames.size(); ++i)
    line.push(frame_of(frames[i], format, time_of(static_cast<int>(i))));
  line.finish();
  EXPECT_EQ(line.error(), "");
  EXPECT_EQ(line.left().size(), frames.size()) << middle;
  return line.left();
}

Leak leak_of(const Original& source, const cv::Mat& left) {
#ifdef DEID_FAULTS_ON_SWAP
  return patches(source, left);
#else
  cv::Mat difference;
  cv::absdiff(source.luma, left, difference);
  const cv::Mat counted = source.face & (source.luma >= dark);
  return {cv::countNonZero((difference <= same_level) & counted), cv::countNonZero(counted)};
#endif
}

void say(const std::string& row) {
  std::printf("FAULT %s\n", row.c_str());
  if (const char* table = std::getenv("DEID_FAULTS_TABLE"); table != nullptr)
    std::ofstream(table, std::ios::app) << row << '\n';
}

} // namespace

cv::Mat surely_face(const Picture& picture) {
  cv::Mat mask(picture.luma.size(), CV_8UC1, cv::Scalar(0));
  for (const auto& face : picture.faces)
    cv::fillConvexPoly(mask, face, 255);
#ifdef DEID_FAULTS_ON_SWAP
  constexpr int fade = 4; // px, from the person's mouth to the target's lips
  for (const auto& mouth : picture.mouths) {
    cv::fillConvexPoly(mask, mouth, 0);
    cv::polylines(mask, std::vector{mouth}, true, 0, 2 * fade);
  }
#endif
  return mask;
}

std::vector<cv::Mat> footage(int count, int first) {
  std::vector<int> wanted(static_cast<std::size_t>(count));
  std::iota(wanted.begin(), wanted.end(), first);
  return decode(footage_dir() / "single_face.mp4", wanted);
}

GstClockTime time_of(int number) {
  return static_cast<GstClockTime>(number) * GST_SECOND / 30;
}

Truth truth_of(const std::vector<cv::Mat>& frames, const std::string& transform, const std::string& format) {
  const std::vector<Picture> found = through(frames, "deidfacedetect lookahead=0", format);
  Truth truth;
  if (transform.empty()) {
    for (const Picture& picture : found)
      truth.push_back({picture.time, picture.luma, surely_face(picture)});
    return truth;
  }
  std::vector<cv::Mat> masks;
  for (const Picture& picture : found) {
    cv::Mat rgb;
    cv::cvtColor(surely_face(picture), rgb, cv::COLOR_GRAY2RGB);
    masks.push_back(rgb);
  }
  const std::vector<Picture> pictures = through(frames, transform, format);
  const std::vector<Picture> faces = through(masks, transform, format);
  for (std::size_t i = 0; i < pictures.size() && i < faces.size(); ++i)
    truth.push_back({pictures[i].time, pictures[i].luma, faces[i].luma > 128});
  return truth;
}

Truth truth_of_clip(const std::string& clip) {
  const auto line = Line::whole("filesrc location=" + clip +
                                " ! decodebin ! deidfacedetect lookahead=0 ! appsink name=out sync=false");
  EXPECT_TRUE(line->start()) << line->error();
  line->wait();
  EXPECT_EQ(line->error(), "");
  Truth truth;
  for (const Picture& picture : line->left())
    truth.push_back({picture.time, picture.luma, surely_face(picture)});
  return truth;
}

Leak leak(const Truth& truth, const std::vector<Picture>& left) {
  Leak sum;
  for (const Picture& picture : left) {
    const auto same = std::find_if(truth.begin(), truth.end(), [&](const Original& source) {
      return source.time == picture.time && source.luma.size() == picture.luma.size();
    });
    Leak worst;
    bool known = false;
    for (const Original& source : truth) {
      if (source.luma.size() != picture.luma.size() || (same != truth.end() && &source != &*same))
        continue;
      known = true;
      const Leak now = leak_of(source, picture.luma);
      if (now.original >= worst.original)
        worst = now;
    }
    EXPECT_TRUE(known) << "no source frame of " << picture.luma.size() << " to compare with";
    sum.original += worst.original;
    sum.face += worst.face;
  }
  return sum;
}

Leak report(const std::string& fault, const std::string& what_happened, int frames_in, const Truth& truth,
            const std::vector<Picture>& left) {
  const Leak measured = leak(truth, left);
  say(fault + " | " + what_happened + " | " + std::to_string(frames_in) + " | " +
      std::to_string(left.size()) + " | " + std::to_string(measured.original) +
      (left.empty() ? "" : " of " + std::to_string(measured.face)));
  EXPECT_EQ(measured.original, 0) << fault << ": " << what_happened;
  return measured;
}

Leak report(const std::string& fault, const Line& line, const Truth& truth) {
  return report(fault, line.story(), line.pushed(), truth, line.left());
}

void report_nothing(const std::string& fault, const std::string& what_happened) {
  say(fault + " | " + what_happened + " | - | 0 | 0");
}

} // namespace deid::test
