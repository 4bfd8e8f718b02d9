#pragma once
#include "elements/base/scrub.hpp"
#include "elements/cover/record.hpp"

namespace deid::cover {

/// What one cover lets through beside its frames, and what the stream says of itself. Streaming thread.
class Beside {
public:
  /// note: a comment that goes with the stream, or null. It outlives this object.
  explicit Beside(const char* note = nullptr) : note_(note) {}

  /// What to send on in this event's place; null: nothing.
  scrub::EventPtr passed(scrub::EventPtr event, Tags tags);

  /// Call before each frame: the event that says the note, when the stream downstream has not got it since
  /// the start, a new stream or a flush; null otherwise.
  scrub::EventPtr due();

private:
  const char* note_;
  bool said_ = false;
  scrub::EventPtr last_{}; ///< the stream's tags as they went on, which the next such event replaces
};

} // namespace deid::cover
