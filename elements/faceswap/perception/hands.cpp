#include "elements/faceswap/perception/hands.hpp"
#include "elements/faceswap/perception/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

namespace deid::faceswap {

namespace {

using Points = std::vector<cv::Point3f>;

cv::Point2f at(const Points& points, std::size_t i) {
  return {points[i].x, points[i].y};
}

float apart(cv::Point2f a, cv::Point2f b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Returns the length of the palm in a frontal view. A palm that points at the camera or is cut by the frame
/// looks shorter, but rarely in length, width and fingers at once. So the largest of these estimates counts.
float palm_length(const Points& points) {
  float longest = 0;
  for (const std::size_t root : {5U, 9U, 13U, 17U}) {
    float length = apart(at(points, 0), at(points, root));
    for (std::size_t i = root; i < root + 3; ++i)
      length += apart(at(points, i), at(points, i + 1));
    longest = std::max(longest, length);
  }
  return std::max({apart(at(points, 0), at(points, 9)),
                   tuning::hand_tracks::palms_a_width * apart(at(points, 5), at(points, 17)),
                   longest / tuning::hand_tracks::fingers_in_palms});
}

cv::Point2f palm_middle(const Points& points) {
  return (at(points, 0) + at(points, 5) + at(points, 17)) / 3;
}

cv::Rect2f box_of(const Points& points) {
  cv::Point2f low = at(points, 0), high = low;
  for (const cv::Point3f& p : points) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

float size_of(const cv::Rect2f& face) {
  return std::max(face.width, face.height);
}

cv::Rect2f grown(const cv::Rect2f& box, float by) {
  return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

cv::Rect grown(const cv::Rect& box, int by) {
  return box.empty() ? cv::Rect() : cv::Rect(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by);
}

bool usable(const Points& points) {
  return points.size() == models::HandLandmarks::point_count &&
         std::ranges::all_of(points, [](const auto& p) {
           return std::abs(p.x) < tuning::hand_tracks::largest_place &&
                  std::abs(p.y) < tuning::hand_tracks::largest_place;
         });
}

/// [sigmas] A Gaussian of 8 bits reaches no pixel beyond.
constexpr double blur_reach = 4;

/// Returns whether a hand lies on or close to one of the faces and its size fits that face. within: sizes of
/// the face between the two. strict: share of the limits of size that applies, [0..1].
bool touches(const Points& points, std::span<const cv::Rect2f> faces, float within, float strict) {
  const float palm = palm_length(points);
  return std::ranges::any_of(faces, [&](const cv::Rect2f& face) {
    return palm >= strict * tuning::hand_tracks::least_palm * face.height &&
           strict * palm <= tuning::hand_tracks::most_palm * face.height &&
           (grown(face, within * size_of(face)) & box_of(points)).area() > 0;
  });
}

bool lies_in(const SeenHand& hand, const cv::Rect& bounds) {
  return usable(hand.points) && (box_of(hand.points) & cv::Rect2f(bounds)).area() > 0;
}

/// Returns a point relative to origin, with 4 fractional bits; pixel centres lie at .5.
cv::Point fixed(const Points& points, std::size_t i, cv::Point origin) {
  return {cvRound((points[i].x - static_cast<float>(origin.x)) * 16 - 8),
          cvRound((points[i].y - static_cast<float>(origin.y)) * 16 - 8)};
}

void draw_hand(const Points& points, cv::Point origin, cv::Mat& mask) {
  const float palm = palm_length(points);
  const auto wide = [&](float of) { return std::max(1, cvRound(of * palm)); };
  for (const std::size_t tip : {4U, 8U, 12U, 16U, 20U})
    for (std::size_t i = tip - 3; i < tip; ++i)
      cv::line(mask, fixed(points, i, origin), fixed(points, i + 1, origin), 255,
               wide(tuning::hand_tracks::finger), cv::LINE_8, 4);
  std::vector<cv::Point> rim, hull;
  for (const std::size_t i : {0U, 1U, 2U, 5U, 9U, 13U, 17U})
    rim.push_back(fixed(points, i, origin));
  cv::convexHull(rim, hull);
  cv::fillConvexPoly(mask, hull, 255, cv::LINE_8, 4);
  cv::polylines(mask, std::vector<std::vector<cv::Point>>{hull}, true, 255,
                wide(tuning::hand_tracks::palm_rim), cv::LINE_8, 4);
}

} // namespace

bool HandsInFront::follow(HandFinder& finder, HandTrack& track, std::span<const cv::Rect2f> faces) {
  models::HandResult found = finder.hand(track.roi);
  if (!(found.presence >= tuning::hand_tracks::kept) || !usable(found.points))
    return false;
  const bool calm = track.points.empty() || apart(palm_middle(found.points), palm_middle(track.points)) <=
                                                tuning::hand_tracks::most_step * palm_length(found.points);
  track.sure = found.presence >= tuning::hand_tracks::sure && calm ? track.sure + 1 : 0;
  track.away = touches(found.points, faces, tuning::hand_tracks::near_face, tuning::hand_tracks::followed)
                   ? 0
                   : track.away + 1;
  track.points = std::move(found.points);
  track.roi = models::hand_roi(track.points);
  return track.away <= tuning::hand_tracks::most_away;
}

/// Returns whether nothing of a hand's size has moved in this square since palms were last searched for
/// there. Every few times it returns false, because a hand may have come slowly.
bool HandsInFront::still(const HandFinder& finder, const cv::Rect2f& square, std::size_t look,
                         std::size_t squares) {
  if (searched_.size() != squares)
    searched_.assign(squares, {}); // other faces: nothing is known of them
  Searched& last = searched_.at(look % squares);
  cv::Mat now = finder.glance(square);
  if (!now.empty() && now.size() == last.glance.size() && last.skipped < tuning::hand_tracks::most_skipped) {
    cv::Mat moved;
    cv::absdiff(now, last.glance, moved);
    if (cv::countNonZero(moved > tuning::hand_tracks::moved) < tuning::hand_tracks::least_moved) {
      ++last.skipped;
      return true;
    }
  }
  last = {std::move(now), 0};
  return false;
}

void HandsInFront::look_for_more(HandFinder& finder, std::span<const cv::Rect2f> faces, bool beside) {
  if (--until_palms_ > 0 || tracks_.size() >= tuning::hand_tracks::hands_a_face * faces.size())
    return;
  until_palms_ = tuning::hand_tracks::palm_period;
  const std::size_t look = next_look_++;
  const cv::Rect2f& face = faces[look / tuning::hand_tracks::around.size() % faces.size()];
  const float side =
      tuning::hand_tracks::around.at(look % tuning::hand_tracks::around.size()) * size_of(face);
  const cv::Point2f middle = (face.tl() + face.br()) / 2;
  const cv::Rect2f square(middle.x - side / 2, middle.y - side / 2, side, side);
  if (still(finder, square, look, faces.size() * tuning::hand_tracks::around.size()))
    return;
  if (beside)
    finder.begin_palms(square);
  else
    add(finder, finder.palms(square), faces);
}

/// Begins tracks of the palms that are hands in front of a face and that no track follows yet.
void HandsInFront::add(HandFinder& finder, const std::vector<models::PalmDetection>& palms,
                       std::span<const cv::Rect2f> faces) {
  for (const models::PalmDetection& palm : palms) {
    if (tracks_.size() >= tuning::hand_tracks::hands_a_face * faces.size())
      return;
    HandTrack track{.roi = models::hand_roi(palm)};
    if (!follow(finder, track, faces))
      continue;
    const auto same = [&](const HandTrack& other) {
      return apart(palm_middle(other.points), palm_middle(track.points)) <
             tuning::hand_tracks::same_hand * palm_length(track.points);
    };
    if (track.away == 0 && std::ranges::none_of(tracks_, same))
      tracks_.push_back(std::move(track));
  }
}

std::vector<SeenHand> HandsInFront::frame(HandFinder& finder, std::span<const cv::Rect2f> faces,
                                          bool beside) {
  std::vector<SeenHand> seen;
  const std::vector<models::PalmDetection> begun = finder.begun_palms();
  const bool stale = std::exchange(stale_, false);
  if (faces.empty()) {
    flush();
    return seen;
  }
  std::erase_if(tracks_, [&](HandTrack& track) { return !follow(finder, track, faces); });
  for (std::size_t i = tracks_.size(); i-- > 1;) // two tracks of one hand
    if (apart(palm_middle(tracks_[i].points), palm_middle(tracks_[i - 1].points)) <
        tuning::hand_tracks::same_hand * palm_length(tracks_[i].points))
      tracks_.erase(tracks_.begin() + static_cast<std::ptrdiff_t>(i));
  if (!stale)
    add(finder, begun, faces);
  look_for_more(finder, faces, beside);
  for (const HandTrack& track : tracks_)
    if (track.sure >= tuning::hand_tracks::shown_after && touches(track.points, faces, 0, 1))
      seen.push_back(
          {track.points,
           track.sure > tuning::hand_tracks::shown_after ? 1.F : tuning::hand_tracks::first_share,
           std::min(1.F, static_cast<float>(track.sure - tuning::hand_tracks::shown_after) /
                             (tuning::hand_tracks::sure_after - tuning::hand_tracks::shown_after))});
  return seen;
}

float least_sure(std::span<const SeenHand> hands, const cv::Rect& bounds) {
  std::optional<float> least;
  for (const SeenHand& hand : hands)
    if (lies_in(hand, bounds))
      least = std::min(least.value_or(1.F), hand.sure);
  return least.value_or(0.F);
}

namespace {

/// Adds one hand to the mask of all hands. origin: of the mask, px of the hand's points.
void add_hand(const SeenHand& hand, cv::Point origin, double sigma, cv::Mat& area) {
  cv::Mat all(area.size(), CV_8UC1, cv::Scalar(0));
  draw_hand(hand.points, origin, all);
  const cv::Rect where =
      grown(cv::boundingRect(all), cvCeil(blur_reach * sigma)) & cv::Rect({0, 0}, all.size());
  if (where.empty())
    return;
  cv::Mat one = all(where), there = area(where); // a blur of nothing is nothing
  cv::GaussianBlur(one, one, {0, 0}, sigma, 0, cv::BORDER_REFLECT_101 | cv::BORDER_ISOLATED);
  if (hand.share < 1)
    one.convertTo(one, CV_8U, static_cast<double>(hand.share));
  cv::max(there, one, there);
}

/// Adds a hand whose rim is so soft that half of the pixels show it as well.
void add_soft_hand(const SeenHand& hand, cv::Point origin, double sigma, cv::Mat& area) {
  SeenHand half = hand;
  for (cv::Point3f& p : half.points)
    p = (p - cv::Point3f(static_cast<float>(origin.x), static_cast<float>(origin.y), 0)) / 2;
  cv::Mat small((area.rows + 1) / 2, (area.cols + 1) / 2, CV_8UC1, cv::Scalar(0)), whole;
  add_hand(half, {}, sigma / 2, small);
  cv::resize(small, whole, small.size() * 2, 0, 0, cv::INTER_LINEAR);
  cv::max(area, whole(cv::Rect({0, 0}, area.size())), area);
}

} // namespace

cv::Mat hand_area(std::span<const SeenHand> hands, const cv::Rect& bounds) {
  cv::Mat area(bounds.size(), CV_8UC1, cv::Scalar(0));
  for (const SeenHand& hand : hands) {
    if (!lies_in(hand, bounds))
      continue;
    const double sigma =
        std::max(tuning::hand_tracks::least_softness,
                 static_cast<double>(tuning::hand_tracks::softness * palm_length(hand.points)));
    if (sigma >= tuning::hand_tracks::half_from)
      add_soft_hand(hand, bounds.tl(), sigma, area);
    else
      add_hand(hand, bounds.tl(), sigma, area);
  }
  return area;
}

} // namespace deid::faceswap
