#pragma once
#include "elements/audit/outcome.hpp"
#include "elements/base/gstdeidvideo.hpp"
#include "elements/cover/plan.hpp"
#include <mutex>
#include <string>
#include <utility>

/// Base of the elements that cover faces: finds the stamp, judges it, covers, counts, tells the bus and the
/// audit file. A derived element says how (its Style); everything that can go wrong is here.
///
/// Beside the picture (property `tags`): tags, chapters, events and metadata that could name a person or hold
/// a picture of one end here (elements/scrub), so that whatever stands downstream is clean.
///
/// Messages (element): "deid-doubt" {reason, action: string; pts, count: guint64} on the first frame of a run
/// of doubt; "deid-summary" (the fields of `stats`) at EOS.
struct GstDeidCoverState;

struct GstDeidCover {
  GstDeidVideo parent;
  GstDeidCoverState* state;
};

namespace deid::cover {

/// What an element draws over one face after it was covered. rgb CV_8UC3 and alpha CV_8UC1 (255 = all
/// picture) of the size of the face's mask; both empty: nothing. Nothing is drawn outside the mask, whatever
/// alpha says.
struct Overlay {
  cv::Mat rgb{}, alpha{};
  audit::Outcome outcome{}; ///< what this does to the face; without a picture, why there is none
};
using MoreCounters = std::vector<std::pair<const char*, std::uint64_t>>;

} // namespace deid::cover

struct GstDeidCoverClass {
  GstDeidVideoClass parent_class;
  /// Optional. A comment (tag) that the stream says of itself, whatever `tags` is. Set in class_init.
  const char* note;
  /// Optional. One overlay for each face of the plan, in its order, made from the frame before it is covered.
  /// Streaming thread, no lock held; not called for frames in doubt. May throw: nothing leaves.
  std::vector<deid::cover::Overlay> (*overlay)(GstDeidCover* self, const deid::video::FrameView& original,
                                               const deid::cover::Plan& plan);
  /// Optional. Counters of the derived element for `stats`, the summary message and the audit (names with
  /// '-'). Called with gst_deid_cover_lock() held.
  deid::cover::MoreCounters (*more_counters)(GstDeidCover* self);
  /// Method, color and strength; shape and margin are filled in by the base. Called with
  /// gst_deid_cover_lock() held.
  deid::cover::Style (*style)(GstDeidCover* self);
};

#define GST_TYPE_DEID_COVER (gst_deid_cover_get_type())
#define GST_DEID_COVER(object) (G_TYPE_CHECK_INSTANCE_CAST((object), GST_TYPE_DEID_COVER, GstDeidCover))
#define GST_DEID_COVER_CLASS(klass) (G_TYPE_CHECK_CLASS_CAST((klass), GST_TYPE_DEID_COVER, GstDeidCoverClass))
#define GST_DEID_COVER_GET_CLASS(object)                                                                     \
  (G_TYPE_INSTANCE_GET_CLASS((object), GST_TYPE_DEID_COVER, GstDeidCoverClass))

GType gst_deid_cover_get_type();

/// Guards all settings, those of derived elements too: properties may change while frames pass. A lock of our
/// own, not GObject's, which is a futex that the thread sanitizer cannot see. Do not hold it while pushing.
[[nodiscard]] std::unique_lock<std::mutex> gst_deid_cover_lock(gpointer cover);
