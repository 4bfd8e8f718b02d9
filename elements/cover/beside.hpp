#pragma once
#include "elements/base/scrub.hpp"
#include "elements/cover/record.hpp"

namespace deid::cover {

/// Filters the events beside a cover's frames, and adds a note about the stream. Streaming thread.
class Beside {
public:
  /// note: a comment for the stream, or null. It must outlive this object.
  explicit Beside(const char* note = nullptr) : note_(note) {}

  /// Returns the event to send on instead of this one; null: none.
  scrub::EventPtr passed(scrub::EventPtr event, Tags tags);

  /// Call it before each frame. Returns an event with the note when downstream has not received it since the
  /// start, a new stream or a flush; else null.
  scrub::EventPtr due();

private:
  const char* note_;
  bool said_ = false;
  scrub::EventPtr last_{}; ///< the stream's tags as sent last; the next event with the note contains them
};

} // namespace deid::cover
