#pragma once
#include <gst/gst.h>
#include <stdexcept>
#include <string>
#include <utility>

namespace deid {

/// A failure with a GStreamer domain and code. what() is the cause (debug text); sentence() is for the user.
class ElementError : public std::runtime_error {
public:
  ElementError(GQuark domain, gint code, std::string sentence, const std::string& cause)
      : std::runtime_error(cause), domain_(domain), code_(code), sentence_(std::move(sentence)) {}
  [[nodiscard]] GQuark domain() const noexcept { return domain_; }
  [[nodiscard]] gint code() const noexcept { return code_; }
  [[nodiscard]] const std::string& sentence() const noexcept { return sentence_; }

private:
  GQuark domain_;
  gint code_;
  std::string sentence_;
};

/// Posts the exception in flight as an error message of `element`. Requires: called while an exception is
/// handled. ElementError -> its own domain and code; models::ModelError -> RESOURCE NOT_FOUND (missing),
/// OPEN_READ (damaged, wrong hash), LIBRARY FAILED (engine); std::bad_alloc -> RESOURCE NO_SPACE_LEFT;
/// anything else -> STREAM FAILED.
void report_current_exception(GstElement* element) noexcept;

/// The one exception barrier. Runs `work` and returns its GstFlowReturn. An exception becomes an error
/// message on the bus and GST_FLOW_ERROR, so that no frame leaves.
template <class Work> GstFlowReturn guarded(GstElement* element, Work&& work) noexcept {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    report_current_exception(element);
    return GST_FLOW_ERROR;
  }
}

/// The same for virtual methods that return a boolean (start, stop, set_caps, events): an exception becomes
/// FALSE.
template <class Work> gboolean guarded_bool(GstElement* element, Work&& work) noexcept {
  return guarded(element, [&] { return std::forward<Work>(work)() ? GST_FLOW_OK : GST_FLOW_EOS; }) ==
         GST_FLOW_OK;
}

} // namespace deid
