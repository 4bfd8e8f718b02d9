#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include <algorithm>
#include <numeric>

namespace deid::faceswap {

namespace {

/// Runs of the describer in one frame: what is left over waits for the next, covered when it must.
constexpr int most_looks = 6;
constexpr int most_kept = 4;       ///< of them for results: as many as comparing targets takes, with a check
constexpr double much_behind = .1; ///< of a face that is behind hands: a look at it would tell of the hand
constexpr std::uint32_t nobody = 0xFFFFFFFF;

/// Faces as ladder and tracker want them: what others attached has an id of theirs, and no mesh; of two with
/// one id only the first can be that person.
std::vector<FaceRegion> regions(std::span<const cover::PlannedFace> faces) {
  std::set<std::uint32_t> seen;
  std::vector<FaceRegion> result;
  for (const cover::PlannedFace& planned : faces) {
    result.push_back(planned.face);
    if (planned.foreign || !seen.insert(planned.face.id).second) {
      result.back().id = nobody;
      result.back().landmarks.clear();
    }
  }
  return result;
}

/// The order in which faces get runs of the describer, so that everybody's turn comes. first: who begins,
/// when somebody waits; then nobody does any more.
std::vector<std::size_t> turns(std::span<const FaceRegion> faces, std::optional<std::uint32_t>& first) {
  std::vector<std::size_t> order(faces.size());
  std::iota(order.begin(), order.end(), 0);
  const auto begin =
      std::ranges::find_if(order, [&](std::size_t i) { return first && faces[i].id == *first; });
  if (begin != order.end())
    std::rotate(order.begin(), begin, order.end());
  first.reset();
  return order;
}

/// Of the features: a face's own box is larger by whatever a coarse detector said, and changes with it.
cv::Rect2f box_of(const std::vector<cv::Point3f>& landmarks) {
  cv::Point2f low(landmarks.front().x, landmarks.front().y), high = low;
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

cover::Overlay filled(const cover::Mask& mask, const std::string& why) {
  return {cv::Mat(mask.bounds.size(), CV_8UC3, cv::Scalar(0, 0, 0)),
          cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(255)), "fill (" + why + ")", Treatment::covered};
}

} // namespace

const char* to_string(SwapEvent::Kind kind) {
  switch (kind) {
  case SwapEvent::Kind::chosen:
    return "chosen";
  case SwapEvent::Kind::refused:
    return "refused";
  case SwapEvent::Kind::raised:
    return "raised";
  case SwapEvent::Kind::reassigned:
    return "recast";
  case SwapEvent::Kind::covered:
    return "covered";
  }
  return "unknown";
}

cover::Style Swapper::style() {
  cover::Style result;
  result.method = cover::Method::average;
  return result;
}

Swapper::Swapper(const Loaded& loaded, Networks networks, bool describing, std::optional<Trained> trained)
    : networks_(std::move(networks)) {
  const auto descriptor = [&](const Target& target) {
    return target.descriptor || !describing
               ? target.descriptor
               : std::optional(networks_.describer->describe(target.image, target.landmarks));
  };
  std::vector<Candidate> candidates;
  std::vector<Descriptor> strangers = loaded.strangers;
  if (trained) {
    candidates.push_back({trained->target, {}, trained->subject});
    strangers.push_back(trained->target);
    targets_.push_back({std::move(trained->name), std::move(trained->painter)});
  }
  for (const Target& target : loaded.targets) {
    targets_.push_back({target.name, std::make_unique<MeshPainter>(Texture(target))});
    candidates.push_back({descriptor(target), skin_tone(target.image, target.landmarks), {}});
    if (candidates.back().descriptor)
      strangers.push_back(*candidates.back().descriptor);
  }
  for (const Target& target : loaded.lookalikes)
    if (const auto known = descriptor(target))
      strangers.push_back(*known);
  tracker_.emplace(std::move(candidates), std::move(strangers));
}

Descriptor Swapper::describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  --looks_left_;
  ++counters_.described;
  return networks_.describer->describe(rgb, landmarks);
}

Swapper::Done Swapper::frame(const video::FrameView& original, const cover::Plan& plan,
                             const SwapSettings& settings) {
  looks_left_ = most_looks;
  notice_change(settings);
  Done done;
  const std::vector<FaceRegion> all = regions(plan.faces);
  const std::vector<bool> assigned = selector_.frame(all, settings.selection);
  std::vector<std::uint32_t> ids, blind;
  for (const FaceRegion& face : all) {
    ids.push_back(face.id);
    if (!has_mesh(face))
      blind.push_back(face.id);
  }
  tracker_->frame(ids, settings.tracker(), blind);
  const int keep = reserved(all, settings);
  for (const std::size_t i : turns(all, unseen_))
    if (assigned[i] && judge(all[i], all, original.size(), settings.gate.max_angle,
                             gate_.least_score(all[i])) == Reason::none)
      look_at(original, all[i], settings, keep, done.events);
  std::vector<Assignment> parts;
  for (std::size_t i = 0; i < all.size(); ++i)
    parts.push_back(assigned[i] ? tracker_->assignment(all[i].id) : Assignment{{}, Reason::not_assigned});
  auto steps = gate_.frame(all, parts, original.size(), settings.gate);
  find_hands(original, all, steps, settings);
  watch_hands(plan, all, steps);
  done.overlays.resize(all.size());
  for (const std::size_t i : turns(all, waiting_)) {
    const FaceContext context{original, plan, i, steps[i], all[i].id, settings, done.events};
    if (context.mask().bounds.empty())
      continue;
    done.overlays[i] = !assigned[i] && settings.others == Others::fill
                           ? filled(context.mask(), to_string(Reason::not_assigned))
                           : render_or_cover(context);
  }
  return done;
}

int Swapper::reserved(std::span<const FaceRegion> faces, const SwapSettings& settings) {
  if (waiting_)
    return most_kept;
  const auto due = std::ranges::count_if(faces, [&](const FaceRegion& face) {
    const Subject* subject = tracker_->subject(face.id);
    return subject != nullptr && subject->target && !subject->verifier.suspended() &&
           subject->verifier.due(settings.verify);
  });
  return std::min(most_kept, static_cast<int>(due));
}

/// Hands before those faces that something is drawn on.
void Swapper::find_hands(const video::FrameView& original, std::span<const FaceRegion> faces,
                         std::span<const SwapGate::Step> steps, const SwapSettings& settings) {
  hands_.clear();
  if (!networks_.hands || !settings.hands)
    return;
  std::vector<cv::Rect2f> boxes;
  for (std::size_t i = 0; i < faces.size(); ++i)
    if (steps[i].blend_weight > 0 && !steps[i].person->landmarks.empty())
      boxes.push_back(box_of(steps[i].person->landmarks));
  networks_.hands->look_at(original);
  hands_ = follower_.frame(*networks_.hands, boxes);
}

void Swapper::watch_hands(const cover::Plan& plan, std::span<const FaceRegion> faces,
                          std::span<const SwapGate::Step> steps) {
  std::map<std::uint32_t, HandsTrial> now;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const double share = steps[i].blend_weight > 0
                             ? share_behind(hands_, plan.faces[i].mask.bounds, steps[i].person->landmarks)
                             : 0;
    HandsTrial trial = trials_[faces[i].id];
    Subject* subject = tracker_->subject(faces[i].id);
    if (trial.frame(share) && subject != nullptr)
      subject->verifier.invalidate();
    now[faces[i].id] = trial;
  }
  trials_ = std::move(now);
}

HandsTrial* Swapper::hands_before(std::uint32_t id) {
  const auto found = trials_.find(id);
  return found == trials_.end() || found->second.left_out() || found->second.share() <= 0 ? nullptr
                                                                                          : &found->second;
}

void Swapper::notice_change(const SwapSettings& settings) {
  const auto same = [](const SwapSettings& a, const SwapSettings& b) {
    return a.compose.opacity == b.compose.opacity && a.compose.draw.eyes == b.compose.draw.eyes &&
           a.compose.draw.feather == b.compose.draw.feather && a.verify.geometry == b.verify.geometry &&
           a.verify.raise == b.verify.raise && a.verify.least == b.verify.least && a.shape == b.shape &&
           a.margin == b.margin && a.verify.least_gallery == b.verify.least_gallery &&
           (a.verify.every == 0) == (b.verify.every == 0);
  };
  if (last_ && !same(*last_, settings))
    tracker_->invalidate_results();
  last_ = settings;
}

void Swapper::look_at(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings,
                      int keep, std::vector<SwapEvent>& events) {
  const TrackingOptions options = settings.tracker();
  const auto sure = [&] { return sure_look(face, original); };
  const auto behind = trials_.find(face.id); // of the frame before
  if (behind != trials_.end() && behind->second.share() > much_behind)
    return;
  if (!tracker_->wants(face.id, sure, options))
    return;
  if (looks_left_ <= keep) {
    unseen_ = unseen_.value_or(face.id);
    return;
  }
  Observation look;
  if (options.describe) {
    const FaceCrop crop = crop_face(original, face.landmarks);
    look = {describe(crop.rgb, crop.landmarks), skin_tone(crop.rgb, crop.landmarks), sure()};
  }
  const IdentityTracker::Event outcome = tracker_->look(face.id, look, options);
  if (outcome == IdentityTracker::Event::parted || outcome == IdentityTracker::Event::recognised)
    gate_.forget(face.id);
  if (outcome != IdentityTracker::Event::chosen && outcome != IdentityTracker::Event::refused)
    return;
  const Subject& who = *tracker_->subject(face.id);
  const auto another = tracker_->another_was_meant(who);
  if (another && who.why != Reason::not_trained) // somebody is here, but the network is not for this one
    events.push_back({SwapEvent::Kind::refused,
                      face.id,
                      Reason::not_trained,
                      targets_.at(another->target).name,
                      another->distance,
                      {},
                      0});
  const bool named = who.target || who.why == Reason::target_too_close || who.why == Reason::not_trained;
  SwapEvent event{SwapEvent::Kind::chosen, face.id, Reason::none, {}, who.choice.distance, {}, 0};
  if (named)
    event.target = targets_.at(who.choice.target).name;
  if (outcome == IdentityTracker::Event::refused) {
    event.kind = SwapEvent::Kind::refused;
    event.why = who.why;
  }
  events.push_back(event);
}

void Swapper::flush(const SwapSettings& settings) {
  tracker_->flush(settings.tracker());
  gate_.flush();
  selector_.flush();
  follower_.flush();
  trials_.clear();
}

} // namespace deid::faceswap
