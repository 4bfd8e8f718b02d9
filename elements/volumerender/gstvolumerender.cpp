/// SECTION:element-volumerender
///
/// Draws the surface of a scanned head from several sides. See docs/volumerender.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deidniftisrc location=in.nii.gz ! deidvolumerender ! videoconvert ! autovideosink
#include "elements/volumerender/gstvolumerender.hpp"
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/picture/renderer.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>
#include <optional>
#include <vector>

GST_DEBUG_CATEGORY_STATIC(volume_render_debug);
#define GST_CAT_DEFAULT volume_render_debug

namespace {

namespace volumerender = deid::volumerender;
using deid::Mutable;

// --- properties ---

struct Settings {
  volumerender::RenderSettings drawing{};
  int frames = 9;
  double yaw_from = -40, yaw_to = 40, pitch = 0; ///< [degrees]
  int fps = 5;
};

GType surface_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(volumerender::Surface::filled), "The outside, without holes", "filled"},
      {static_cast<int>(volumerender::Surface::bright), "All that is brighter than the threshold", "bright"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidVolumeSurface", values);
  return type;
}

void add_picture(deid::PropertyTable<Settings>& all) {
  all.number(
      {"width", "Width", "Width of a frame [px]"}, Mutable::ready,
      [](auto& s) -> auto& { return s.drawing.width; }, 16, 4096);
  all.number(
      {"height", "Height", "Height of a frame [px]"}, Mutable::ready,
      [](auto& s) -> auto& { return s.drawing.height; }, 16, 4096);
  all.number(
      {"fps", "Frames a second", "Frames a second of the video [1..60]"}, Mutable::ready,
      [](auto& s) -> auto& { return s.fps; }, 1, 60);
  all.choice(
      {"surface", "Surface", "Which surface is drawn"}, Mutable::ready, surface_type,
      [](auto& s) -> auto& { return s.drawing.surface; });
  all.number(
      {"threshold", "Threshold", "Value at the surface; 0 finds it in the scan [any]"}, Mutable::ready,
      [](auto& s) -> auto& { return s.drawing.threshold; }, -1e6, 1e6);
  all.number(
      {"detail", "Detail", "Side of the cubes that are drawn [mm, .5..4]"}, Mutable::ready,
      [](auto& s) -> auto& { return s.drawing.detail; }, 0.5, 4.0);
}

const deid::PropertyTable<Settings>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Settings> all;
    add_picture(all);
    all.number(
        {"frames", "Frames", "Sides that are drawn"}, Mutable::ready,
        [](auto& s) -> auto& { return s.frames; }, 1, 360);
    all.number(
        {"yaw-from", "First yaw", "Side of the first frame [degrees]; 0 is the front, 90 the person's left"},
        Mutable::ready, [](auto& s) -> auto& { return s.yaw_from; }, -360.0, 360.0);
    all.number(
        {"yaw-to", "Last yaw", "Side of the last frame [degrees]"}, Mutable::ready,
        [](auto& s) -> auto& { return s.yaw_to; }, -360.0, 360.0);
    all.number(
        {"pitch", "Pitch", "Height of the viewer [degrees]; 90 is above the head"}, Mutable::ready,
        [](auto& s) -> auto& { return s.pitch; }, -90.0, 90.0);
    return all;
  }();
  return table;
}

struct Inside {
  std::mutex mutex{}; ///< guards settings
  Settings settings{};
  Settings now{}; ///< of this run; streaming thread, as all below
  std::optional<volumerender::Renderer> renderer{};
  int next = 0;

  bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
  bool get(guint id, GValue* value) const { return properties().get(settings, id, value); }
};

using Shell = deid::PlainShell<Inside, GstBaseTransform, GstBaseTransformClass>;

// --- flow ---

void begin_volume(Inside& inside, GstBuffer* buffer) {
  const deid::volume::MappedVolume volume(buffer, GST_MAP_READ);
  const deid::volume::Sampler sampler(volume.attached().about, volume.voxels());
  try {
    inside.renderer.emplace(sampler, inside.now.drawing);
  } catch (const volumerender::RenderError& error) {
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, error.what(), "no frame was made");
  }
  inside.next = 0;
}

deid::Ref<GstBuffer> frame_of(const volumerender::Picture& picture) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_GRAY8, static_cast<guint>(picture.width),
                            static_cast<guint>(picture.height));
  deid::Ref<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  gst_buffer_memset(buffer.get(), 0, 0, GST_VIDEO_INFO_SIZE(&info));
  const auto width = static_cast<gsize>(picture.width);
  for (int y = 0; y < picture.height; ++y)
    gst_buffer_fill(buffer.get(),
                    static_cast<gsize>(y) * static_cast<gsize>(GST_VIDEO_INFO_PLANE_STRIDE(&info, 0)),
                    picture.grey.data() + static_cast<gsize>(y) * width, width);
  return buffer;
}

deid::Ref<GstBuffer> next_frame(Inside& inside) {
  const Settings& now = inside.now;
  const double share = now.frames > 1 ? static_cast<double>(inside.next) / (now.frames - 1) : 0;
  auto buffer =
      frame_of(inside.renderer->render({now.yaw_from + share * (now.yaw_to - now.yaw_from), now.pitch}));
  GST_BUFFER_DURATION(buffer.get()) = GST_SECOND / static_cast<GstClockTime>(now.fps);
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(inside.next++) * GST_BUFFER_DURATION(buffer.get());
  return buffer;
}

/// Called until it gives no more frame of this volume.
GstFlowReturn generate_output(GstBaseTransform* trans, GstBuffer** out) {
  *out = nullptr;
  const deid::Ref<GstBuffer> input(std::exchange(trans->queued_buf, nullptr));
  return deid::guarded(GST_ELEMENT(trans), [&] {
    Inside& inside = Shell::inside(trans);
    if (input)
      begin_volume(inside, input.get());
    if (inside.renderer && inside.next < inside.now.frames)
      *out = next_frame(inside).release();
    else
      inside.renderer.reset();
    return GST_FLOW_OK;
  });
}

GstCaps* transform_caps(GstBaseTransform* trans, GstPadDirection direction, GstCaps*, GstCaps* filter) {
  deid::Ref<GstCaps> caps;
  if (direction == GST_PAD_SRC) {
    caps.reset(gst_caps_from_string(DEID_VOLUME_CAPS));
  } else {
    Inside& inside = Shell::inside(trans);
    const std::lock_guard lock(inside.mutex);
    const Settings& s = inside.settings;
    caps.reset(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "GRAY8", "width", G_TYPE_INT,
                                   s.drawing.width, "height", G_TYPE_INT, s.drawing.height, "framerate",
                                   GST_TYPE_FRACTION, s.fps, 1, nullptr));
  }
  return filter == nullptr ? caps.release()
                           : gst_caps_intersect_full(filter, caps.get(), GST_CAPS_INTERSECT_FIRST);
}

gboolean start(GstBaseTransform* trans) {
  Inside& inside = Shell::inside(trans);
  const std::lock_guard lock(inside.mutex);
  inside.now = inside.settings;
  return TRUE;
}

gboolean stop(GstBaseTransform* trans) {
  Shell::inside(trans).renderer.reset();
  return TRUE;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(volume_render_debug, "deidvolumerender", 0, "draws the surface of scanned heads");
  Shell::set_up(klass);
  properties().install(G_OBJECT_CLASS(klass));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Volume renderer", "Filter/Converter/Video",
                                        "Draws the surface of a scanned head from several sides",
                                        "gst-deid developers");
  const deid::Ref<GstCaps> volumes(gst_caps_from_string(DEID_VOLUME_CAPS));
  const deid::Ref<GstCaps> video(gst_caps_from_string(GST_VIDEO_CAPS_MAKE("GRAY8")));
  gst_element_class_add_pad_template(
      element_class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, volumes.get()));
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, video.get()));
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->generate_output = generate_output;
  transform_class->transform_caps = transform_caps;
  transform_class->start = start;
  transform_class->stop = stop;
}

void begin(GstBaseTransform*) {}

} // namespace

GType gst_deid_volume_render_get_type() {
  static const GType type = Shell::type(GST_TYPE_BASE_TRANSFORM, "GstDeidVolumeRender", class_init, begin);
  return type;
}
