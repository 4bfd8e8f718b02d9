#include "pipelines/deid/review/moments.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <map>

namespace deid::review {

namespace {

namespace risk = tuning::risk;

struct Sighted {
  int frame;
  const KnownFace* face;
};
/// One person in consecutive frames.
using Span = std::vector<Sighted>;

std::string person_text(std::uint32_t id) {
  return "person " + std::to_string(id);
}

/// Collects the reasons of one audit.
class Collector {
public:
  Collector(const Audited& audited, const Looked* looked) : audited_(audited) {
    if (looked != nullptr)
      cuts_.insert(looked->cuts.begin(), looked->cuts.end());
  }

  std::vector<Event> all() {
    const auto all_spans = spans_by_id();
    for (const auto& [id, spans] : all_spans) {
      of_person(id, spans);
      for (const Span& span : spans)
        goes_on(span.back(), all_spans);
    }
    of_frames();
    return std::move(events_);
  }

private:
  [[nodiscard]] int frames() const { return static_cast<int>(audited_.frames.size()); }

  [[nodiscard]] std::map<std::uint32_t, std::vector<Span>> spans_by_id() const {
    std::map<std::uint32_t, std::vector<Span>> all;
    for (int i = 0; i < frames(); ++i)
      for (const KnownFace& face : audited_.frames[static_cast<std::size_t>(i)].faces) {
        auto& spans = all[face.id];
        if (spans.empty() || spans.back().back().frame < i - 1)
          spans.emplace_back();
        spans.back().push_back({i, &face});
      }
    return all;
  }

  void add(int first, int last, double how, const char* reason, std::string text,
           const Sighted* who = nullptr) {
    first = std::max(0, first);
    last = std::min(frames() - 1, last);
    if (first > last)
      return;
    Event event{first, last, how, reason, std::move(text), {}, {}, {}};
    if (who != nullptr) {
      event.person = static_cast<int>(who->face->id);
      event.box = who->face->box;
    }
    events_.push_back(std::move(event));
  }

  [[nodiscard]] bool at_edge(const cv::Rect2d& box) const {
    const cv::Size size = audited_.size();
    const double x = tuning::edge * size.width, y = tuning::edge * size.height;
    return box.x <= x || box.y <= y || box.x + box.width >= size.width - x ||
           box.y + box.height >= size.height - y;
  }

  void of_person(std::uint32_t id, const std::vector<Span>& spans) {
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const int before = i == 0 ? -1 : spans[i - 1].back().frame;
      const bool gap = before >= 0 && spans[i].front().frame - before - 1 <= tuning::longest_gap;
      if (gap)
        of_gap(spans[i - 1].back(), spans[i].front());
      else
        begins(spans[i]);
      const bool returns = i + 1 < spans.size() &&
                           spans[i + 1].front().frame - spans[i].back().frame - 1 <= tuning::longest_gap;
      if (!returns)
        ends(spans[i]);
      within(id, spans[i]);
    }
  }

  /// A cover that ends, and begins again soon at its place under another id: that is a gap, too.
  void goes_on(const Sighted& last, const std::map<std::uint32_t, std::vector<Span>>& all) {
    const cv::Rect2d& place = last.face->box;
    if (!edge_of(last, 1))
      return;
    for (const auto& [id, spans] : all)
      for (const Span& span : spans) {
        const Sighted& first = span.front();
        const int between = first.frame - last.frame - 1;
        if (id == last.face->id || between <= 0 || between > tuning::context)
          continue;
        const double common = (first.face->box & place).area();
        if (common > tuning::same_place * std::min(first.face->box.area(), place.area()))
          of_gap(last, first);
      }
  }

  void of_gap(const Sighted& before, const Sighted& after) {
    const int length = after.frame - before.frame - 1;
    add(before.frame + 1, after.frame - 1, risk::gap, "gap",
        "The face of " + person_text(before.face->id) + " has no cover for " + std::to_string(length) +
            " frames. It is covered before and after.",
        &before);
    if (!events_.empty() && events_.back().reason == "gap")
      events_.back().box = before.face->box | after.face->box;
  }

  /// The same for what is looked at around the frame in which a cover begins or ends.
  void add_edge(int first, int last, double how, const char* reason, std::string text, const Sighted& who) {
    add(first, last, how, reason, std::move(text), &who);
    events_.back().edge = who.frame;
  }

  /// Whether another cover of this frame holds nearly all of a place: then no face is seen there, and the
  /// cover only goes on under another id.
  [[nodiscard]] bool is_held(const cv::Rect2d& place, int frame) const {
    return std::ranges::any_of(audited_.frames[static_cast<std::size_t>(frame)].faces,
                               [&](const KnownFace& face) {
                                 return face.outcome.treatment != Treatment::none &&
                                        (face.box & place).area() >= tuning::holds_place * place.area();
                               });
  }

  /// Where a cover really begins (step -1) or ends (step 1): frames in which another cover holds its place
  /// belong to it. Nothing: at a cut or the film's end, or after so many frames that nothing has to be looked
  /// at.
  [[nodiscard]] std::optional<int> edge_of(const Sighted& who, int step) const {
    for (int edge = who.frame; std::abs(edge - who.frame) <= tuning::context; edge += step) {
      const bool at_end = edge == (step < 0 ? 0 : frames() - 1);
      if (at_end || cuts_.contains(step < 0 ? edge : edge + 1))
        return std::nullopt;
      if (!is_held(who.face->box, edge + step))
        return edge;
    }
    return std::nullopt;
  }

  void begins(const Span& span) {
    const Sighted& first = span.front();
    const std::optional<int> edge = edge_of(first, -1);
    if (!edge)
      return;
    const std::string who = person_text(first.face->id);
    if (at_edge(first.face->box))
      return add_edge(*edge - tuning::edge_context, *edge, risk::at_edge, "entered",
                      "The face of " + who + " comes into the picture.", first);
    const bool sprung = first.face->origin == Origin::detected || first.face->origin == Origin::tracked;
    add_edge(*edge - tuning::context, *edge, sprung ? risk::sprung_up : risk::appeared, "appeared",
             "The face of " + who +
                 " is found from here on, in the middle of the picture. It may be seen before.",
             first);
  }

  void ends(const Span& span) {
    const Sighted& last = span.back();
    const std::optional<int> edge = edge_of(last, 1);
    if (!edge)
      return;
    const std::string who = person_text(last.face->id);
    if (at_edge(last.face->box))
      return add_edge(*edge, *edge + tuning::edge_context, risk::at_edge, "left",
                      "The face of " + who + " leaves the picture.", last);
    const bool broken = last.face->origin == Origin::detected || last.face->origin == Origin::tracked;
    add_edge(*edge, *edge + tuning::context, broken ? risk::broken_off : risk::lost, "lost",
             "The face of " + who +
                 " is no longer found, in the middle of the picture. It may be seen afterwards.",
             last);
  }

  /// Calls `found` with the first and last of each run of sightings for which `is` holds.
  template <class Is, class Found> static void runs(const Span& span, Is is, Found found) {
    for (std::size_t i = 0; i < span.size();) {
      std::size_t end = i;
      while (end < span.size() && is(*span[end].face))
        ++end;
      if (end > i)
        found(span[i], span[end - 1]);
      i = std::max(end, i + 1);
    }
  }

  /// The same for a doubt that comes back again and again in one track: its worst run in every `again`
  /// frames, the one with the least value.
  template <class Is, class Value, class Found>
  static void once(const Span& span, Is is, Value value, Found found) {
    struct Run {
      const Sighted *first, *last;
      double least;
    };
    std::optional<Run> worst;
    int begun = 0;
    const auto end = [&] {
      if (worst)
        found(*worst->first, *worst->last);
      worst.reset();
    };
    runs(span, is, [&](const Sighted& a, const Sighted& b) {
      Run run{&a, &b, value(*a.face)};
      for (const Sighted* one = &a; one <= &b; ++one)
        run.least = std::min(run.least, value(*one->face));
      if (!worst || a.frame - begun >= tuning::again) {
        end();
        begun = a.frame;
      }
      if (!worst || run.least < worst->least)
        worst = run;
    });
    end();
  }

  void within(std::uint32_t id, const Span& span) {
    const std::string who = person_text(id);
    runs(
        span, [](const KnownFace& f) { return f.origin == Origin::held; },
        [&](const Sighted& a, const Sighted& b) {
          const int length = b.frame - a.frame + 1;
          if (length >= tuning::held_frames)
            add(std::max(a.frame, b.frame - tuning::longest / 2), b.frame,
                std::min(risk::held_most, risk::held + risk::held_each * length), "held",
                "The face of " + who + " was not found for " + std::to_string(length) +
                    " frames. Its old place stays covered.",
                &b);
        });
    once(
        span, [](const KnownFace& f) { return f.origin == Origin::backfilled; },
        [](const KnownFace&) { return 0.; },
        [&](const Sighted& a, const Sighted& b) {
          add(a.frame, std::min(b.frame, a.frame + tuning::context), risk::back_filled, "back-filled",
              "The face of " + who + " was found later and followed back to here.", &a);
        });
    once(
        span, [](const KnownFace& f) { return f.origin == Origin::detected && f.score < tuning::low_score; },
        [](const KnownFace& f) { return f.score; },
        [&](const Sighted& a, const Sighted& b) {
          add(a.frame, std::min(b.frame, a.frame + tuning::context), risk::low_score, "low-score",
              "The detector is not sure that this is a face.", &a);
        });
    runs(
        span,
        [](const KnownFace& f) { return f.outcome.distance && *f.outcome.distance < tuning::near_limit; },
        [&](const Sighted& a, const Sighted& b) {
          add(a.frame, std::min(b.frame, a.frame + tuning::context), risk::near_limit, "near-limit",
              "The new face of " + who + " is hardly different enough from the person's.", &a);
        });
    for (std::size_t i = 1; i < span.size(); ++i)
      between(span[i - 1], span[i], who);
  }

  void between(const Sighted& before, const Sighted& now, const std::string& who) {
    const auto centre = [](const cv::Rect2d& b) {
      return cv::Point2d(b.x + b.width / 2, b.y + b.height / 2);
    };
    if (cv::norm(centre(now.face->box) - centre(before.face->box)) > tuning::jump * before.face->box.width)
      add(before.frame - 2, now.frame + 2, risk::jumped, "jumped",
          "The cover of " + who + " jumps to another place.", &before);
    if (now.face->outcome.treatment != before.face->outcome.treatment)
      add(before.frame - 1, now.frame + 1, risk::changed, "changed",
          "The face of " + who + " is " + to_string(before.face->outcome.treatment) + " before and " +
              to_string(now.face->outcome.treatment) + " afterwards.",
          &now);
  }

  void of_frames() {
    for (int i = 0; i < frames(); ++i) {
      const KnownFrame& frame = audited_.frames[static_cast<std::size_t>(i)];
      if (frame.in_doubt)
        add(i, i, risk::doubt, "doubt",
            "It was not certain where the faces are; the whole picture is covered.");
      crowded(i, frame);
    }
    for (const int cut : cuts_)
      add(cut - 1, cut + 1, risk::cut, "cut", "Another scene begins.");
  }

  void crowded(int index, const KnownFrame& frame) {
    const auto& faces = frame.faces;
    for (std::size_t a = 0; a < faces.size(); ++a)
      for (std::size_t b = a + 1; b < faces.size(); ++b) {
        const double common = (faces[a].box & faces[b].box).area();
        if (common > tuning::overlap * (faces[a].box.area() + faces[b].box.area() - common)) {
          const auto& last = crowd_; // one event for a run of frames
          if (last.first != index - 1)
            add(index, index + tuning::context / 2, risk::close, "close", "Two faces touch each other.",
                std::array<Sighted, 1>{{{index, &faces[a]}}}.data());
          crowd_.first = index;
        }
      }
  }

  const Audited& audited_;
  std::set<int> cuts_{};
  std::vector<Event> events_{};
  struct {
    int first = -10;
  } crowd_{};
};

Event event_of(const Find& find) {
  Event event{find.first, find.last, risk::face, "", "", find.person, find.box, {}};
  switch (find.kind) {
  case Find::Kind::open:
    event.risk = risk::open;
    event.reason = "open";
    event.text = "A face should be covered here, but the pixels are those of the original.";
    break;
  case Find::Kind::head:
    event.risk = risk::head;
    event.reason = "head";
    event.text = "A body shows a head here that nothing covers.";
    break;
  case Find::Kind::face:
    event.risk =
        risk::weak_face + (risk::face - risk::weak_face) * std::clamp((find.score - .5) / .3, 0., 1.);
    event.reason = "face";
    event.text = "The second look finds something like a face that nothing covers.";
    break;
  }
  return event;
}

} // namespace

std::vector<Event> events_of(const Audited& audited, const Looked* looked) {
  std::vector<Event> all = Collector(audited, looked).all();
  if (looked != nullptr)
    for (const Find& find : looked->finds)
      all.push_back(event_of(find));
  std::ranges::stable_sort(all, {}, &Event::first);
  return all;
}

} // namespace deid::review
