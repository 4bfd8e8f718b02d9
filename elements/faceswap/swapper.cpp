#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/tuning.hpp"
#include <algorithm>
#include <numeric>
#include <tuple>

namespace deid::faceswap {

namespace {

/// Id of a face without an id of facedetect.
constexpr std::uint32_t nobody = 0xFFFFFFFF;

/// Returns the faces for gate and tracker. A face that another element attached has that element's id, so it
/// gets the id `nobody` and no landmarks. When two faces have one id, the second one gets `nobody` and no
/// landmarks, too.
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

/// Returns the order in which faces get runs of the describer. first: the id of a face that waits; this face
/// comes first, and the id is cleared.
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

/// Returns the box of the landmarks. The box of the region also holds coarse detections.
cv::Rect2f box_around(const std::vector<cv::Point3f>& landmarks) {
  cv::Point2f low(landmarks.front().x, landmarks.front().y), high = low;
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

cover::Overlay filled(const cover::Mask& mask, Reason why) {
  return {cv::Mat(mask.bounds.size(), CV_8UC3, cv::Scalar(0, 0, 0)),
          cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(255)),
          {.treatment = Treatment::covered, .reason = why}};
}

void add(Strangers& strangers, const std::optional<Descriptor>& first,
         const std::optional<FaceFeatures>& second) {
  if (first)
    strangers.first.push_back(*first);
  if (second)
    strangers.second.push_back(*second);
}

/// Returns whether a change between these settings changes results.
bool same_results(const SwapSettings& a, const SwapSettings& b) {
  const auto drawing = [](const SwapSettings& s) {
    return std::tuple(s.compose.opacity, s.compose.draw.eyes, s.compose.draw.feather, s.shape, s.margin);
  };
  const auto verify = [](const VerifyOptions& v) {
    return std::tuple(v.geometry, v.raise, v.least, v.least_gallery, v.every == 0, v.second_least,
                      v.second_covers);
  };
  return drawing(a) == drawing(b) && verify(a.verify) == verify(b.verify);
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
    return "recast"; // the word on the bus; programs know it
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
    : networks_(std::move(networks)), people_(loaded.people) {
  const auto descriptor = [&](const Target& target) {
    return target.descriptor || !describing
               ? target.descriptor
               : std::optional(networks_.describer->describe(target.image, target.landmarks));
  };
  const auto second = [&](const Target& target) {
    return describing ? describe_again(target.image, target.landmarks) : std::nullopt;
  };
  counters_.judges = networks_.second ? 2 : 1;
  std::vector<Candidate> candidates;
  Strangers strangers = loaded.strangers;
  if (trained) {
    candidates.push_back({trained->target, {}, trained->subject});
    strangers.first.push_back(trained->target);
    targets_.push_back({std::move(trained->name), std::move(trained->painter)});
  }
  for (const Target& target : loaded.targets) {
    targets_.push_back({target.name, std::make_unique<MeshPainter>(Texture(target))});
    candidates.push_back({descriptor(target),
                          skin_tone(target.image, target.landmarks),
                          {},
                          second(target),
                          networks_.looks ? target.looks : std::nullopt});
    add(strangers, candidates.back().descriptor, candidates.back().second);
  }
  for (const Target& target : loaded.lookalikes)
    add(strangers, descriptor(target), second(target));
  tracker_.emplace(TargetAssignment(std::move(candidates), std::move(strangers)));
}

Descriptor Swapper::describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  if (beside_)
    beside_->run.wait(); // one run at a time
  --runs_left_;
  ++counters_.described;
  return networks_.describer->describe(rgb, landmarks);
}

/// Returns what the second judge says of a face; nothing when there is no second judge, or it sees nothing.
std::optional<FaceFeatures> Swapper::describe_again(const cv::Mat& rgb,
                                                    std::span<const cv::Point3f> landmarks) const {
  return networks_.second ? networks_.second->describe(rgb, landmarks) : std::nullopt;
}

/// Returns the looks of a new person; nothing of one whose target is chosen already. Call it after
/// describe(), which waits for a run of the same network beside the drawing.
std::optional<Looks> Swapper::looks_of(const FaceCrop& crop, std::uint32_t face) {
  if (!networks_.looks || !last_->keep_looks || subject(face) != nullptr)
    return {};
  return networks_.looks->look(crop.rgb, crop.landmarks);
}

Swapper::Done Swapper::frame(const video::FrameView& original, const cover::Plan& plan,
                             const SwapSettings& settings) {
  Done done;
  const std::vector<FaceRegion> all = regions(plan.faces);
  const std::vector<bool> selected = selector_.frame(all, settings.selection);
  begin_frame(all, settings);
  refuse_unwanted(plan, settings);
  const int keep = reserved(all, settings);
  for (const std::size_t i : turns(all, unseen_)) {
    const Limits limits{settings.gate.max_angle, SwapGate::least_score(faces_.at(all[i].id).gate)};
    if (selected[i] && judge(all[i], all, original.size(), limits) == Reason::none)
      observe(original, all[i], settings, keep, done.events);
  }
  const auto steps = pass_gate(all, selected, original.size(), settings);
  find_hands(original, all, steps, settings);
  watch_hands(plan, all, steps);
  done.overlays.resize(all.size());
  for (const std::size_t i : turns(all, waiting_)) {
    const FaceContext context{original, plan,       i, all[i].id, steps[i], faces_.at(all[i].id),
                              settings, done.events};
    if (context.mask().bounds.empty())
      continue;
    done.overlays[i] = !selected[i] && settings.others == Others::fill
                           ? filled(context.mask(), Reason::not_assigned)
                           : render_or_cover(context);
  }
  end_beside();
  faces_.end_frame();
  return done;
}

void Swapper::begin_frame(std::span<const FaceRegion> faces, const SwapSettings& settings) {
  runs_left_ = settings.beside ? tuning::runs::most : tuning::runs::most_at_leisure;
  notice_change(settings);
  std::vector<std::uint32_t> ids;
  for (const FaceRegion& face : faces)
    ids.push_back(face.id);
  faces_.begin_frame(ids);
  std::vector<IdentityTracker::Present> present;
  for (const FaceRegion& face : faces)
    present.push_back({&faces_.at(face.id).identity, !has_mesh(face)});
  tracker_->frame(present, faces_.identities(), settings.tracking());
}

/// Takes targets from people who shall not get them.
void Swapper::refuse_unwanted(const cover::Plan& plan, const SwapSettings& settings) {
  for (const cover::PlannedFace& planned : plan.faces) {
    if (planned.not_as.empty())
      continue;
    std::set<std::size_t> unwanted;
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (planned.not_as.contains(targets_[i].name))
        unwanted.insert(i);
    FaceState& state = faces_.at(planned.face.id);
    if (tracker_->refuse(state.identity, unwanted, settings.tracking()))
      state.render.memory = {}; // it belongs to the other target
  }
}

/// Invalidates all results when a setting that affects results changes.
void Swapper::notice_change(const SwapSettings& settings) {
  if (last_ && !same_results(*last_, settings))
    tracker_->invalidate_results();
  last_ = settings;
}

int Swapper::reserved(std::span<const FaceRegion> faces, const SwapSettings& settings) {
  if (waiting_)
    return tuning::runs::most_kept;
  const auto due = std::ranges::count_if(faces, [&](const FaceRegion& face) {
    const Subject* who = subject(face.id);
    return who != nullptr && who->target && !who->verifier.suspended() && who->verifier.due(settings.verify);
  });
  return std::min(tuning::runs::most_kept, static_cast<int>(due));
}

/// Observes the original of a face when its identity needs an observation and a run is left. keep: runs that
/// are reserved for results.
void Swapper::observe(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings,
                      int keep, std::vector<SwapEvent>& events) {
  const TrackingOptions options = settings.tracking();
  FaceState& state = faces_.at(face.id);
  const auto sure = [&] { return sure_observation(face, original); };
  if (const auto observation = end_observation(face))
    report(face, tracker_->observe(state.identity, *observation, faces_.identities(), options), events);
  if (state.hands.share() > tuning::runs::most_hidden) // of the last frame
    return;
  if (!tracker_->wants(state.identity, sure, options))
    return;
  if (runs_left_ <= keep) {
    unseen_ = unseen_.value_or(face.id);
    return;
  }
  if (options.describe && observe_beside(original, face, settings))
    return;
  Observation observation;
  if (options.describe) {
    const FaceCrop crop = crop_face(original, face.landmarks);
    observation = {describe(crop.rgb, crop.landmarks), skin_tone(crop.rgb, crop.landmarks), sure(),
                   describe_again(crop.rgb, crop.landmarks), looks_of(crop, face.id)};
  }
  report(face, tracker_->observe(state.identity, observation, faces_.identities(), options), events);
}

/// Acts on the outcome of an observation: resets the drawing state when the id belongs to another person, and
/// reports a new person.
void Swapper::report(const FaceRegion& face, IdentityTracker::Event outcome, std::vector<SwapEvent>& events) {
  FaceState& state = faces_.at(face.id);
  if (outcome == IdentityTracker::Event::parted || outcome == IdentityTracker::Event::recognised)
    state.render.memory = {};
  if (outcome != IdentityTracker::Event::chosen && outcome != IdentityTracker::Event::refused)
    return;
  const Subject& who = *tracker_->subject(state.identity);
  const auto another = tracker_->targets().trained_for_another(who.original);
  if (another && who.why != Reason::not_trained) // report also that the model is for another person
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
  if (who.target)
    event.unlike = tracker_->targets().unlike(*who.target, who.original);
  if (outcome == IdentityTracker::Event::refused) {
    event.kind = SwapEvent::Kind::refused;
    event.why = who.why;
  }
  events.push_back(event);
}

std::vector<SwapGate::Step> Swapper::pass_gate(std::span<const FaceRegion> faces,
                                               const std::vector<bool>& selected, cv::Size size,
                                               const SwapSettings& settings) {
  std::vector<SwapGate::Step> steps;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    FaceState& state = faces_.at_gate(faces[i].id);
    const Assignment assignment =
        selected[i] ? tracker_->assignment(state.identity) : Assignment{{}, Reason::not_assigned};
    steps.push_back(SwapGate::frame(faces[i], faces, size, assignment, settings.gate, state.gate,
                                    state.render.landmarks));
  }
  return steps;
}

/// Finds the hands in front of the faces that are drawn on.
void Swapper::find_hands(const video::FrameView& original, std::span<const FaceRegion> faces, Steps steps,
                         const SwapSettings& settings) {
  hands_.clear();
  if (!networks_.hands || !settings.hands)
    return;
  std::vector<cv::Rect2f> boxes;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto& landmarks = faces_.at(faces[i].id).render.landmarks.points;
    if (steps[i].blend_weight > 0 && !landmarks.empty())
      boxes.push_back(box_around(landmarks));
  }
  networks_.hands->set_frame(original);
  hands_ = follower_.frame(*networks_.hands, boxes, settings.beside);
}

/// Invalidates the result of a face when a hand came in front of it since the last check.
void Swapper::watch_hands(const cover::Plan& plan, std::span<const FaceRegion> faces, Steps steps) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    FaceState& state = faces_.at(faces[i].id);
    const double share = steps[i].blend_weight > 0
                             ? share_behind(hands_, plan.faces[i].mask.bounds, state.render.landmarks.points)
                             : 0;
    Subject* who = tracker_->subject(state.identity);
    if (state.hands.frame(share) && who != nullptr)
      who->verifier.invalidate();
  }
}

void Swapper::flush(const SwapSettings& settings) {
  faces_.flush(settings.tracking().describe); // with descriptors, the face identifies each person
  selector_.flush();
  follower_.flush();
  beside_.reset(); // waits for it, as the next line does
  locating_.reset();
}

} // namespace deid::faceswap
