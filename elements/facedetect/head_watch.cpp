#include "elements/facedetect/head_watch.hpp"
#include "elements/facedetect/appearance.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/pending_frame.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <functional>

namespace deid::facedetect {

namespace {
bool same_head(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float ratio = face_size(a) / std::max(1.F, face_size(b));
  return distance_in_sizes(a, b) < tuning::same_head_within && ratio > tuning::search_smallest &&
         ratio < tuning::search_largest;
}

const FaceRegion* face_of(const cv::Rect2f& head, const PendingFrame& frame) {
  const auto found = std::ranges::find_if(frame.faces, [&](const FaceRegion& face) {
    return face.origin != Origin::body && is_own_face(face.box, head);
  });
  return found == frame.faces.end() ? nullptr : &*found;
}

FaceRegion region(std::uint32_t id, const cv::Rect2f& box, float score) {
  return {.id = id, .box = box, .score = score, .origin = Origin::body};
}

bool wanted(bool away, Heads mode) {
  return mode == Heads::all || (mode == Heads::facing && !away);
}

/// Removes heads whose face was back-filled later.
void give_way(std::deque<PendingFrame>& pending) {
  for (PendingFrame& frame : pending)
    std::erase_if(frame.faces, [&](const FaceRegion& head) {
      return head.origin == Origin::body && face_of(head.box, frame) != nullptr;
    });
}

/// Back-fills a head into the frames before the newest one while its patch matches, and into a few more.
void fill_back(std::deque<PendingFrame>& pending, std::uint32_t id, cv::Rect2f box, float score) {
  const cv::Mat appearance = appearance_of(pending.back().view, box);
  int unlike = 0;
  for (std::size_t i = pending.size() - 1;
       i-- > 0 && !pending[i + 1].cut && unlike <= tuning::frames_before_head;) {
    PendingFrame& frame = pending[i];
    const auto alike = unlike == 0 ? follow_appearance(frame.view, appearance, box) : std::nullopt;
    if (alike && alike->value > tuning::fair_likeness)
      box = alike->box;
    else if (++unlike > tuning::frames_before_head)
      break;
    if (face_of(box, frame) == nullptr)
      frame.faces.push_back(region(id, scaled(box, tuning::unseen_head_growth), score));
  }
}

} // namespace

bool is_own_face(const cv::Rect2f& face, const cv::Rect2f& head) {
  return (face & head).area() >= tuning::own_face * face.area();
}

std::vector<Head> without_doubles(std::vector<Head> heads) {
  std::ranges::stable_sort(heads, std::greater{}, &Head::score);
  std::vector<Head> kept;
  for (const Head& head : heads)
    if (std::ranges::none_of(kept, [&](const Head& other) {
          return distance_in_sizes(head.box, other.box) < tuning::same_head_within ||
                 distance_in_sizes(other.box, head.box) < tuning::same_head_within;
        }))
      kept.push_back(head);
  return kept;
}

void HeadWatch::follow(const PendingFrame& frame) {
  for (Watched& head : heads_) {
    if (const FaceRegion* face = face_of(head.box, frame)) { // the face gives the head's place
      head.box = shifted(head.box, center(face->box) - center(head.box));
      head.appearance.release();
      continue;
    }
    if (head.appearance.empty()) {
      head.appearance = appearance_of(frame.view, head.box);
      continue;
    }
    const auto alike = follow_appearance(frame.view, head.appearance, head.box);
    if (alike && alike->value > tuning::fair_likeness)
      head.box = alike->box;
  }
}

void HeadWatch::take(std::deque<PendingFrame>& pending, const HeadLook& look, const Settings& settings,
                     std::uint32_t& next_id) {
  const PendingFrame& frame = pending.back();
  if (look.upright)
    for (Watched& head : heads_)
      ++head.missed;
  for (const Head& seen : without_doubles(look.heads)) {
    if (!is_finite(seen.box) || face_size(seen.box) < static_cast<float>(settings.min_face))
      continue;
    const auto known =
        std::ranges::find_if(heads_, [&](const Watched& h) { return same_head(h.box, seen.box); });
    const bool found_new = known == heads_.end();
    Watched& head = found_new ? heads_.emplace_back(Watched{.id = next_id++}) : *known;
    const bool turned_round = !found_new && head.away && !seen.away;
    head = {head.id, seen.box, appearance_of(frame.view, seen.box), seen.score, seen.away, 0, frame.time};
    if ((found_new || turned_round) && wanted(seen.away, settings.heads) &&
        face_of(seen.box, frame) == nullptr)
      fill_back(pending, head.id, seen.box, seen.score);
  }
}

void HeadWatch::expire(std::int64_t now, const Settings& settings) {
  std::erase_if(heads_, [&](const Watched& head) {
    return head.missed >= tuning::head_looks_missed &&
           now - head.last_seen > settings.hold_time / tuning::head_hold_share;
  });
}

void HeadWatch::step(std::deque<PendingFrame>& pending, const HeadLook& look, const Settings& settings,
                     std::uint32_t& next_id) {
  PendingFrame& frame = pending.back();
  if (settings.heads == Heads::off) {
    reset();
    return;
  }
  if (frame.cut)
    heads_.clear();
  follow(frame);
  take(pending, look, settings, next_id);
  expire(frame.time, settings);
  needed_ = false;
  for (const Watched& head : heads_) {
    if (!wanted(head.away, settings.heads) || face_of(head.box, frame) != nullptr)
      continue;
    needed_ = true;
    const bool seen_now = head.last_seen == frame.time;
    frame.faces.push_back(
        region(head.id, seen_now ? head.box : scaled(head.box, tuning::unseen_head_growth), head.score));
  }
  give_way(pending);
}

} // namespace deid::facedetect
