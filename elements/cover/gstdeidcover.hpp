#pragma once
#include "elements/audit/outcome.hpp"
#include "elements/base/gstdeidvideo.hpp"
#include "elements/cover/plan.hpp"
#include <mutex>
#include <string>
#include <utility>

/// Base of the elements that cover faces. It finds and judges the stamp, covers, counts, and reports on the
/// bus and in the audit file. A derived element only chooses how to cover (its Style).
/// With tags=drop, tags, chapters, events and metadata that could name or show a person end here
/// (elements/base/scrub), so everything downstream is clean.
/// Element messages: "deid-doubt" {reason, action: string; pts, count: guint64} on the first frame of a run
/// of doubt; "deid-summary" (the fields of `stats`) at EOS.
struct GstDeidCoverState;

struct GstDeidCover {
  GstDeidVideo parent;
  GstDeidCoverState* state;
};

namespace deid::cover {

/// The picture that an element draws over one covered face. rgb: CV_8UC3; alpha: CV_8UC1 (255 = only the
/// picture). Both have the size of the face's mask; both empty: no picture. Nothing is drawn outside the
/// mask, whatever alpha contains.
struct Overlay {
  cv::Mat rgb{}, alpha{};
  audit::Outcome outcome{}; ///< what this does to the face; without a picture, why there is none
};
using MoreCounters = std::vector<std::pair<const char*, std::uint64_t>>;

} // namespace deid::cover

struct GstDeidCoverClass {
  GstDeidVideoClass parent_class;
  /// Optional. A comment (tag) for the stream, independent of `tags`. Set it in class_init.
  const char* note;
  /// Optional. Returns one overlay for each face of the plan, in its order, made from the uncovered frame.
  /// Streaming thread, no lock held. Not called for frames in doubt. It may throw: then nothing leaves.
  std::vector<deid::cover::Overlay> (*overlay)(GstDeidCover* self, const deid::video::FrameView& original,
                                               const deid::cover::Plan& plan);
  /// Optional. Counters of the derived element for `stats`, the summary message and the audit (names with
  /// '-'). Called with gst_deid_cover_lock() held.
  deid::cover::MoreCounters (*more_counters)(GstDeidCover* self);
  /// Method, color and strength; the base sets shape and margin. Called with gst_deid_cover_lock() held.
  deid::cover::Style (*style)(GstDeidCover* self);
};

#define GST_TYPE_DEID_COVER (gst_deid_cover_get_type())
#define GST_DEID_COVER(object) (G_TYPE_CHECK_INSTANCE_CAST((object), GST_TYPE_DEID_COVER, GstDeidCover))
#define GST_DEID_COVER_CLASS(klass) (G_TYPE_CHECK_CLASS_CAST((klass), GST_TYPE_DEID_COVER, GstDeidCoverClass))
#define GST_DEID_COVER_GET_CLASS(object)                                                                     \
  (G_TYPE_INSTANCE_GET_CLASS((object), GST_TYPE_DEID_COVER, GstDeidCoverClass))

GType gst_deid_cover_get_type();

/// Guards all settings, also those of derived elements: properties may change while frames pass. It is no
/// GObject lock, because the thread sanitizer cannot see that futex. Do not hold it while pushing.
[[nodiscard]] std::unique_lock<std::mutex> gst_deid_cover_lock(gpointer cover);
