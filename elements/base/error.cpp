#include "elements/base/error.hpp"
#include "models/session/session.hpp"
#include <new>

namespace deid {

namespace {

void post(GstElement* element, GQuark domain, gint code, const char* sentence, const char* cause) noexcept {
  gst_element_message_full(element, GST_MESSAGE_ERROR, domain, code, g_strdup(sentence), g_strdup(cause),
                           __FILE__, "guarded", __LINE__);
}

void post_model_error(GstElement* element, const models::ModelError& error) noexcept {
  using Kind = models::ModelError::Kind;
  switch (error.kind()) {
  case Kind::missing:
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "A model file is missing.", error.what());
    return;
  case Kind::damaged:
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "A model file is damaged.", error.what());
    return;
  case Kind::wrong_hash:
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
         "A model file has another checksum than this build expects.", error.what());
    return;
  case Kind::engine:
    break;
  }
  post(element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED, "The inference engine failed.", error.what());
}

} // namespace

void report_current_exception(GstElement* element) noexcept {
  try {
    throw;
  } catch (const ElementError& error) {
    post(element, error.domain(), error.code(), error.sentence().c_str(), error.what());
  } catch (const models::ModelError& error) {
    post_model_error(element, error);
  } catch (const std::bad_alloc& error) {
    post(element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
         "Out of memory; the frame was not passed on.", error.what());
  } catch (const std::exception& error) {
    post(element, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
         "A frame could not be processed; it was not passed on.", error.what());
  } catch (...) {
    post(element, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
         "A frame could not be processed; it was not passed on.", "unknown exception");
  }
}

} // namespace deid
