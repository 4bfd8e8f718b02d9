#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include <algorithm>
#include <cstdio>

namespace deid::faceswap {

namespace {

/// Runs of the describer in one frame: what is left over waits for the next, covered when it must.
constexpr int most_looks = 6;
constexpr int look_every = 5, first_looks = 3; ///< frames; looks at the first result
constexpr float first_gain = 0.8F, later_gain = 0.2F;
constexpr std::size_t most_rivals = 3; ///< targets that are compared by their results
constexpr std::uint32_t nobody = 0xFFFFFFFF;

std::string text(const char* format, double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

std::string finding(const Verdict& verdict) {
  std::string said = text(", distance %.3f", verdict.distance);
  if (verdict.rank.strangers > 0) {
    said += ", rank " + std::to_string(verdict.rank.place);
    said += " of " + std::to_string(verdict.rank.strangers + 1);
  }
  return said;
}

/// Faces as ladder and casting want them: what others attached has an id of theirs, and no mesh; of two with
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

cover::Overlay filled(const cover::Mask& mask, const std::string& why) {
  return {cv::Mat(mask.bounds.size(), CV_8UC3, cv::Scalar(0, 0, 0)),
          cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(255)), "fill (" + why + ")", Treatment::covered};
}

} // namespace

const char* to_string(Note::Kind kind) {
  switch (kind) {
  case Note::Kind::chosen:
    return "chosen";
  case Note::Kind::refused:
    return "refused";
  case Note::Kind::raised:
    return "raised";
  case Note::Kind::recast:
    return "recast";
  case Note::Kind::covered:
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
  casting_.emplace(std::move(candidates), std::move(strangers));
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
  const std::vector<bool> assigned = assigner_.frame(all, settings.assign);
  std::vector<std::uint32_t> ids;
  for (const FaceRegion& face : all)
    ids.push_back(face.id);
  casting_->frame(ids, settings.casting());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (assigned[i] && judge(all[i], all, original.size(), settings.ladder.max_angle, 0) == Reason::none)
      look_at(original, all[i], settings, done.notes);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < all.size(); ++i)
    parts.push_back(assigned[i] ? casting_->part(all[i].id) : Part{{}, Reason::not_assigned});
  auto steps = ladder_.frame(all, parts, original.size(), settings.ladder);
  find_hands(original, all, steps, settings);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Scene scene{original, plan, i, steps[i], all[i].id, settings, done.notes};
    if (scene.mask().bounds.empty())
      done.overlays.emplace_back();
    else if (!assigned[i] && settings.others == Others::fill)
      done.overlays.push_back(filled(scene.mask(), to_string(Reason::not_assigned)));
    else
      done.overlays.push_back(play(scene));
  }
  return done;
}

/// Hands before those faces that something is drawn on.
void Swapper::find_hands(const video::FrameView& original, std::span<const FaceRegion> faces,
                         std::span<const Ladder::Step> steps, const SwapSettings& settings) {
  hands_.clear();
  if (!networks_.hands || !settings.hands)
    return;
  std::vector<cv::Rect2f> boxes;
  for (std::size_t i = 0; i < faces.size(); ++i)
    if (steps[i].shown > 0)
      boxes.push_back(faces[i].box);
  networks_.hands->look_at(original);
  hands_ = follower_.frame(*networks_.hands, boxes);
}

void Swapper::notice_change(const SwapSettings& settings) {
  const auto same = [](const SwapSettings& a, const SwapSettings& b) {
    return a.compose.opacity == b.compose.opacity && a.compose.draw.eyes == b.compose.draw.eyes &&
           a.compose.draw.feather == b.compose.draw.feather && a.verify.geometry == b.verify.geometry &&
           a.verify.raise == b.verify.raise && a.verify.least == b.verify.least &&
           a.verify.least_gallery == b.verify.least_gallery && (a.verify.every == 0) == (b.verify.every == 0);
  };
  if (last_ && !same(*last_, settings))
    casting_->doubt();
  last_ = settings;
}

void Swapper::look_at(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings,
                      std::vector<Note>& notes) {
  const CastingOptions options = settings.casting();
  const auto sure = [&] { return sure_look(face, original); };
  if (looks_left_ <= 0 || !casting_->wants(face.id, sure, options))
    return;
  Look look;
  if (options.describe) {
    const FaceCrop crop = crop_face(original, face.landmarks);
    look = {describe(crop.rgb, crop.landmarks), skin_tone(crop.rgb, crop.landmarks)};
  }
  const Casting::Event event = casting_->look(face.id, look, options);
  if (event != Casting::Event::chosen && event != Casting::Event::refused)
    return;
  const Subject& who = *casting_->subject(face.id);
  const auto another = casting_->another_was_meant(who);
  if (another && who.why != Reason::not_trained) // somebody is here, but the network is not for this one
    notes.push_back({Note::Kind::refused,
                     face.id,
                     Reason::not_trained,
                     targets_.at(another->target).name,
                     another->distance,
                     {},
                     0});
  const bool named = who.target || who.why == Reason::target_too_close || who.why == Reason::not_trained;
  Note note{Note::Kind::chosen, face.id, Reason::none, {}, who.choice.distance, {}, 0};
  if (named)
    note.target = targets_.at(who.choice.target).name;
  if (event == Casting::Event::refused) {
    note.kind = Note::Kind::refused;
    note.why = who.why;
  }
  notes.push_back(note);
}

/// What is drawn over this face, or why it stays covered.
cover::Overlay Swapper::play(const Scene& scene) {
  Subject* subject = casting_->subject(scene.id);
  Reason reason = scene.step.reason;
  std::optional<cover::Overlay> overlay;
  if (scene.step.shown > 0 && subject != nullptr && subject->target) {
    overlay = swapped(scene, *subject);
    if (!overlay) {
      ladder_.cover(scene.id);
      reason = Reason::result_too_close;
    }
  }
  if (subject != nullptr)
    subject->verifier.frame(overlay.has_value());
  if (overlay) {
    ++counters_.swapped;
    return std::move(*overlay);
  }
  ++counters_.blurred;
  std::string why = std::string("average (") + (reason == Reason::none ? "soon" : to_string(reason));
  if (reason == Reason::result_too_close && subject != nullptr && subject->verifier.last())
    why += finding(*subject->verifier.last());
  return {{}, {}, why + ")"};
}

VerifyOptions Swapper::verify_of(const Scene& scene, const Subject& subject) const {
  VerifyOptions options = scene.settings.verify;
  if (!targets_.at(*subject.target).painter->moves_features()) {
    options.raise = false;
    options.geometry = 0;
  }
  return options;
}

cover::Overlay Swapper::composed(const Scene& scene, const Subject& subject, float shown) const {
  ComposeOptions how = scene.settings.compose;
  how.draw.geometry = subject.verifier.geometry(verify_of(scene, subject));
  Ladder::Step step = scene.step;
  step.shown = shown;
  cover::Overlay overlay =
      compose(targets_.at(*subject.target), scene.original, scene.plan, scene.index, step, how, hands_);
  if (how.draw.geometry > 0)
    overlay.done += text(", geometry %.2f", static_cast<double>(how.draw.geometry));
  return overlay;
}

/// Nothing when the result may not be shown.
std::optional<cover::Overlay> Swapper::swapped(const Scene& scene, Subject& subject) {
  const VerifyOptions options = verify_of(scene, subject);
  const bool possible = scene.step.reason == Reason::none && subject.original.descriptor;
  const bool due = subject.verifier.due(options) && possible && looks_left_ > 0;
  if (!due) {
    if (subject.verifier.pending(options))
      return {};
    cover::Overlay overlay = composed(scene, subject, scene.step.shown);
    if (scene.step.shown >= 1)
      correct(scene, subject, overlay);
    return overlay;
  }
  if (scene.settings.pick && !casting_->trained(*subject.target) && !subject.auditioned &&
      looks_left_ > static_cast<int>(most_rivals))
    audition(scene, subject);
  while (looks_left_ > 0) {
    cover::Overlay overlay = composed(scene, subject, 1); // as it will be when it has faded in
    correct(scene, subject, overlay);
    const Act act = check(scene, subject, overlay);
    if (act == Act::cover)
      return {};
    if (act != Act::show)
      continue;
    if (scene.step.shown < 1) {
      const std::string found = finding(*subject.verifier.last());
      overlay = composed(scene, subject, scene.step.shown);
      overlay.done += found;
    }
    return overlay;
  }
  return {};
}

/// Sees where the features of a full result are and draws it anew when it is the first one; later results
/// follow slowly.
void Swapper::correct(const Scene& scene, const Subject& subject, cover::Overlay& overlay) {
  Person& person = *scene.step.person;
  Memory& memory = person.memory;
  const bool possible = networks_.landmarker && scene.settings.correct && !memory.meant.empty() &&
                        scene.settings.compose.opacity >= 1 && scene.step.reason == Reason::none &&
                        !scene.step.coasting;
  const bool first = memory.correction.looks() == 0;
  if (!possible || (!first && ++memory.since_look < look_every))
    return;
  memory.since_look = 0;
  for (int look = 0; look < (first ? first_looks : 1); ++look) {
    const FaceCrop crop = crop_face(scene.original, memory.meant, scene.mask().bounds);
    const cv::Mat result = as_it_leaves(crop, scene.mask(), style(), {overlay.rgb, overlay.alpha});
    const auto seen = networks_.landmarker->look(result, crop.landmarks);
    if (!seen || !memory.correction.learn(crop.landmarks, *seen, first ? first_gain : later_gain))
      return;
    if (first)
      overlay = composed(scene, subject, 1);
  }
}

/// What a recogniser says of the result as it will leave.
Verdict Swapper::look_of(const Scene& scene, const Subject& subject, const cover::Overlay& overlay) {
  const FaceCrop crop = crop_face(scene.original, scene.step.person->landmarks, scene.mask().bounds);
  const cv::Mat result = as_it_leaves(crop, scene.mask(), style(), {overlay.rgb, overlay.alpha});
  return casting_->verdict(describe(result, crop.landmarks), subject);
}

/// Two faces that are equally far from a person do not hide the person equally well: what counts is what each
/// makes of this face, in this light. Before the first frame is shown the best targets are tried on it.
void Swapper::audition(const Scene& scene, Subject& subject) {
  subject.auditioned = true;
  const auto rivals = casting_->rivals(subject, most_rivals, scene.settings.casting());
  if (rivals.size() < 2)
    return;
  const Choice first = subject.choice;
  Choice best = first;
  std::optional<double> most;
  for (const Choice& rival : rivals) {
    subject.target = rival.target;
    scene.step.person->memory = {}; // is learned on one target
    cover::Overlay overlay = composed(scene, subject, 1);
    correct(scene, subject, overlay);
    const double worth = casting_->worth_of(subject, look_of(scene, subject, overlay));
    if (!most || worth > *most) { // what is no number is not better
      most = worth;
      best = rival;
    }
  }
  scene.step.person->memory = {};
  subject.target = best.target;
  subject.choice = best;
  if (best.target != first.target)
    scene.notes.push_back(
        {Note::Kind::recast, scene.id, Reason::none, targets_.at(best.target).name, best.distance, {}, 0});
}

/// Judges the result as it will leave, and does what follows from it.
Act Swapper::check(const Scene& scene, Subject& subject, cover::Overlay& overlay) {
  const VerifyOptions options = verify_of(scene, subject);
  const CastingOptions casting = scene.settings.casting();
  const Verdict verdict = look_of(scene, subject, overlay);
  Note note{
      Note::Kind::covered, scene.id,     Reason::result_too_close,          targets_.at(*subject.target).name,
      verdict.distance,    verdict.rank, subject.verifier.geometry(options)};
  Act act =
      subject.verifier.judge(verdict, options, scene.settings.pick && casting_->other_for(subject, casting));
  ++counters_.verified;
  if (act == Act::show) {
    const bool first = counters_.verified - counters_.refused == 1;
    counters_.worst = first ? verdict.distance : std::min(counters_.worst, verdict.distance);
    counters_.sum += verdict.distance;
    overlay.done += finding(verdict);
    return act;
  }
  ++counters_.refused;
  if (act == Act::recast && casting_->recast(subject, casting)) {
    note.kind = Note::Kind::recast;
    scene.step.person->memory = {}; // was learned on the other target
    note.target = targets_.at(*subject.target).name;
  } else if (act == Act::raise) {
    note.kind = Note::Kind::raised;
    note.geometry = subject.verifier.geometry(options);
  }
  scene.notes.push_back(note);
  return act;
}

void Swapper::flush(const SwapSettings& settings) {
  casting_->flush(settings.casting());
  ladder_.flush();
  assigner_.flush();
  follower_.flush();
}

} // namespace deid::faceswap
