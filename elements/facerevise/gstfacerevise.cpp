/// SECTION:element-facerevise
///
/// Adds, takes away and hardens regions as a person said who looked at the video. Changes no pixel.
/// See docs/facerevise.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect
///       ! deidfacerevise location=revision.jsonl ! deidfacemask ! x264enc ! mp4mux ! filesink
///       location=out.mp4
#include "elements/facerevise/gstfacerevise.hpp"
#include "elements/base/property_table.hpp"
#include "elements/base/shell.hpp"
#include "elements/meta/face_meta.hpp"
#include "elements/meta/roi.hpp"
#include "elements/meta/wish_meta.hpp"
#include "elements/revision/revision.hpp"
#include <optional>
#include <string>

GST_DEBUG_CATEGORY_STATIC(face_revise_debug);
#define GST_CAT_DEFAULT face_revise_debug

namespace {

using deid::revision::Revision;

struct Options {
  std::string location{};
};

const deid::PropertyTable<Options>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Options> all;
    all.text(
        {"location", "Location", "The revision: JSON lines that say what changes in which frame"},
        deid::Mutable::ready, [](auto& o) -> auto& { return o.location; });
    return all;
  }();
  return table;
}

struct Counts {
  guint64 frames = 0, added = 0, removed = 0, harder = 0, other = 0, kept = 0;
};

struct Inside {
  std::mutex mutex; ///< guards options and counts
  Options options{};
  Counts counts{};
  std::optional<Revision> revision{}; ///< streaming thread
  bool sought = false; ///< streaming thread; after a flush the number of the next frame is not known

  bool set(guint id, const GValue* value) { return properties().set(options, id, value); }
  bool get(guint id, GValue* value) const { return properties().get(options, id, value); }
};

using Shell = deid::Shell<Inside>;

[[noreturn]] void foreign(const std::string& cause) {
  throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                           "The revision belongs to another video; the frame was not passed on.", cause);
}

// --- properties ---

GstStructure* get_stats(GstDeidVideo* base) {
  Inside& inside = Shell::inside(base);
  const std::lock_guard lock(inside.mutex);
  const Counts& c = inside.counts;
  return gst_structure_new("stats", "frames", G_TYPE_UINT64, c.frames, "added", G_TYPE_UINT64, c.added,
                           "removed", G_TYPE_UINT64, c.removed, "harder", G_TYPE_UINT64, c.harder, "other",
                           G_TYPE_UINT64, c.other, "kept", G_TYPE_UINT64, c.kept, nullptr);
}

// --- flow ---

/// Throws unless the frame is the one that the revision means.
void check(const Revision& revision, std::uint64_t index, GstBuffer* buffer,
           const deid::video::FrameView& frame) {
  if (frame.width != revision.width || frame.height != revision.height)
    foreign("it is for frames of another size");
  if (index >= revision.frames)
    foreign("it ends before frame " + std::to_string(index));
  const auto change = revision.changes.find(index);
  if (change != revision.changes.end() && change->second.pts && GST_BUFFER_PTS_IS_VALID(buffer) &&
      *change->second.pts != GST_BUFFER_PTS(buffer))
    foreign("frame " + std::to_string(index) + " has another time");
}

void count(Inside& inside, const Counts& more) {
  const std::lock_guard lock(inside.mutex);
  Counts& c = inside.counts;
  ++c.frames;
  c.added += more.added;
  c.removed += more.removed;
  c.harder += more.harder;
  c.other += more.other;
  c.kept += more.kept;
}

/// Takes faces from the stamp. A frame without a stamp was not searched: it stays without one, and the cover
/// treats it as doubt.
void remove(GstBuffer* buffer, const deid::revision::Frame& change, Counts& counts) {
  const deid::FaceFrame* stamp = deid::find_faces(buffer);
  if (stamp == nullptr || change.removed.empty())
    return;
  deid::FaceFrame faces = *stamp;
  const deid::revision::Done done = deid::revision::remove(faces.faces, change.removed);
  deid::attach_faces(buffer, std::move(faces));
  counts.removed += static_cast<guint64>(done.removed);
  counts.kept += static_cast<guint64>(done.kept);
}

/// Adds the drawn regions as other plug-ins add theirs: a cover covers them as boxes, whatever else it knows.
void add(GstBuffer* buffer, const deid::revision::Frame& change, cv::Size size, Counts& counts) {
  deid::Wishes wishes{size.width, size.height, {}, {}};
  for (const auto& one : change.added) {
    if (deid::add_region(buffer, "face", one.id, cv::Rect2f(one.box), 1.F, size) == nullptr)
      foreign("a region lies outside the frame");
    wishes.least[one.id] = one.least;
    ++counts.added;
  }
  for (const auto& one : change.harder) {
    wishes.least[one.id] = one.least;
    ++counts.harder;
  }
  for (const auto& one : change.other) {
    wishes.not_as[one.id] = {one.not_as.begin(), one.not_as.end()};
    ++counts.other;
  }
  if (!wishes.least.empty() || !wishes.not_as.empty())
    deid::attach_wishes(buffer, std::move(wishes));
}

std::uint64_t frames_of(Inside& inside) {
  const std::lock_guard lock(inside.mutex);
  return inside.counts.frames;
}

GstFlowReturn process(GstDeidVideo* base, GstBuffer* buffer, deid::video::FrameView& frame) {
  Inside& inside = Shell::inside(base);
  if (inside.sought)
    foreign("frames cannot be counted after a seek");
  const Revision& revision = *inside.revision;
  const std::uint64_t index = frames_of(inside);
  check(revision, index, buffer, frame);
  Counts counts;
  if (const auto change = revision.changes.find(index); change != revision.changes.end()) {
    remove(buffer, change->second, counts);
    add(buffer, change->second, frame.size(), counts);
  }
  if (counts.kept > 0)
    GST_WARNING_OBJECT(base,
                       "frame %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT
                       " regions are not where the person saw them, and stay",
                       index, counts.kept);
  count(inside, counts);
  return GST_FLOW_OK;
}

void event(GstDeidVideo* base, GstEvent* what) {
  Inside& inside = Shell::inside(base);
  if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP && frames_of(inside) > 0)
    inside.sought = true;
  if (GST_EVENT_TYPE(what) != GST_EVENT_EOS || inside.sought)
    return;
  if (frames_of(inside) != inside.revision->frames)
    foreign("the video ended after " + std::to_string(frames_of(inside)) + " frames, not " +
            std::to_string(inside.revision->frames));
}

bool start(GstDeidVideo* base) {
  Inside& inside = Shell::inside(base);
  std::string location;
  {
    const std::lock_guard lock(inside.mutex);
    inside.counts = {};
    location = inside.options.location;
  }
  inside.sought = false;
  try {
    inside.revision = deid::revision::read(location);
  } catch (const std::runtime_error& e) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
                             "The revision cannot be used; nothing was processed.", e.what());
  }
  return true;
}

bool stop(GstDeidVideo* base) {
  Shell::inside(base).revision.reset();
  return true;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(face_revise_debug, "deidfacerevise", 0, "changes regions as a person said");
  Shell::set_up(klass);
  properties().install(G_OBJECT_CLASS(klass));
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Face revision (de-identification)", "Filter/Analyzer/Video",
      "Adds, takes away and hardens face regions as a person said; changes no pixel", "gst-deid developers");
  auto* video_class = static_cast<GstDeidVideoClass*>(klass);
  video_class->process = process;
  video_class->start = start;
  video_class->stop = stop;
  video_class->event = event;
  video_class->get_stats = get_stats;
}

} // namespace

GType gst_deid_face_revise_get_type() {
  static const GType type = Shell::type("GstDeidFaceRevise", class_init);
  return type;
}
