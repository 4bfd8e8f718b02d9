#include "pipelines/deid/archive/moments.hpp"
#include "elements/audit/line.hpp"
#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

namespace deid::archive {
namespace {

constexpr const char* foreign = "foreign"; ///< origin of a region of another plugin, as in the audit

bool alike(const Moment& a, const Moment& b) {
  return a.origin == b.origin && a.treatment == b.treatment && a.reason == b.reason && a.target == b.target;
}

/// Puts the frames of an audit together.
class Gatherer {
public:
  void add(const audit::Frame& frame) {
    const double time = frame.pts ? 1e-9 * static_cast<double>(*frame.pts) : last_time_;
    last_time_ = time;
    std::map<std::int64_t, Moment> now;
    if (!frame.doubt.empty())
      now[-1] = {.treatment = frame.action, .reason = frame.doubt};
    for (const audit::Face& face : frame.faces)
      now[face.id] = of_face(face);
    for (auto& [id, moment] : now) {
      moment.first = moment.last = number_;
      moment.begin = moment.end = time;
    }
    join(std::move(now));
    ++number_;
  }
  std::vector<Moment> finish() {
    join({});
    std::ranges::stable_sort(done_, {}, &Moment::first);
    return std::move(done_);
  }

private:
  static Moment of_face(const audit::Face& face) {
    return {.face = face.id,
            .origin = face.origin ? to_string(*face.origin) : foreign,
            .treatment = to_string(face.outcome.treatment),
            .reason = face.outcome.reason == audit::Reason::none ? "" : audit::to_string(face.outcome.reason),
            .target = face.outcome.target,
            .distance = face.outcome.distance,
            .score = face.score};
  }
  /// Continues the moments of the previous frame, or ends them.
  void join(std::map<std::int64_t, Moment> now) {
    for (auto& [id, before] : open_) {
      const auto found = now.find(id);
      if (found == now.end() || !alike(before, found->second)) {
        done_.push_back(before);
        continue;
      }
      Moment& next = found->second;
      next.first = before.first;
      next.begin = before.begin;
      next.score = std::min(next.score, before.score);
      if (before.distance)
        next.distance = next.distance ? std::min(*next.distance, *before.distance) : *before.distance;
    }
    open_ = std::move(now);
  }

  std::map<std::int64_t, Moment> open_{}; ///< by id of the face; -1: the whole frame
  std::vector<Moment> done_{};
  std::uint64_t number_ = 0;
  double last_time_ = 0;
};

} // namespace

std::vector<Moment> moments_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error("The audit cannot be opened.");
  Gatherer gatherer;
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line); ++lines)
    if (const audit::Line parsed = audit::parse(line); std::holds_alternative<audit::Frame>(parsed))
      gatherer.add(std::get<audit::Frame>(parsed));
  if (lines == 0)
    throw std::runtime_error("The audit is empty.");
  return gatherer.finish();
}

} // namespace deid::archive
