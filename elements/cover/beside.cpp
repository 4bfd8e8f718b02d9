#include "elements/cover/beside.hpp"

namespace deid::cover {

scrub::EventPtr Beside::passed(scrub::EventPtr event, Tags tags) {
  const GstEventType type = GST_EVENT_TYPE(event.get());
  if (tags == Tags::drop)
    event = scrub::cleaned(std::move(event));
  if (note_ == nullptr)
    return event;
  if (type == GST_EVENT_STREAM_START)
    last_.reset();
  if (type == GST_EVENT_STREAM_START || type == GST_EVENT_FLUSH_STOP)
    said_ = false;
  if (event && scrub::is_stream_tags(event.get())) {
    // a later tag event without the note would replace the note downstream
    event = scrub::with_note(event.get(), note_);
    last_.reset(gst_event_ref(event.get()));
    said_ = true;
  }
  return event;
}

scrub::EventPtr Beside::due() {
  if (note_ == nullptr || said_)
    return nullptr;
  said_ = true;
  last_ = scrub::with_note(last_.get(), note_);
  return scrub::EventPtr(gst_event_ref(last_.get()));
}

} // namespace deid::cover
