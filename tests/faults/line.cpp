#include "tests/faults/line.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/meta/face_meta.hpp"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::test {

namespace {

constexpr auto patience = std::chrono::seconds(90);

using Caps = std::unique_ptr<GstCaps, decltype(&gst_caps_unref)>;

Caps parse_caps(const std::string& text) {
  return {gst_caps_from_string(text.c_str()), &gst_caps_unref};
}

struct Mapping {
  Mapping(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags) {
    if (!gst_video_frame_map(&frame, &info, buffer, flags))
      throw std::runtime_error("a frame of a test cannot be mapped");
  }
  ~Mapping() { gst_video_frame_unmap(&frame); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  GstVideoFrame frame{};
};

GstVideoInfo info_of(GstCaps* caps) {
  GstVideoInfo info;
  if (caps == nullptr || !gst_video_info_from_caps(&info, caps))
    throw std::runtime_error("not the caps of a video");
  return info;
}

cv::Mat luma_of(const GstVideoFrame& frame) {
  const int width = GST_VIDEO_FRAME_WIDTH(&frame);
  const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
  const bool rgb = GST_VIDEO_INFO_IS_RGB(&frame.info);
  cv::Mat luma(height, width, CV_8UC1);
  const auto at = [&](guint component, int x, int y) {
    const auto* row = static_cast<const guint8*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component)) +
                      static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
    return static_cast<int>(row[x * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component)]);
  };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      luma.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(
          rgb ? (77 * at(0, x, y) + 150 * at(1, x, y) + 29 * at(2, x, y)) / 256 : at(0, x, y));
  return luma;
}

std::string stat_text(const GstStructure* stats, const char* field, const char* words) {
  guint64 value = 0;
  if (stats == nullptr || !gst_structure_get_uint64(stats, field, &value) || value == 0)
    return "";
  return std::to_string(value) + words;
}

} // namespace

std::string caps_of(const std::string& format, cv::Size size) {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(size.width) +
         ",height=" + std::to_string(size.height) + ",framerate=30/1";
}

Frame frame_of(const cv::Mat& rgb, const std::string& format, GstClockTime time) {
  const std::string text = caps_of(format, rgb.size());
  const GstVideoInfo to = info_of(parse_caps(text).get());
  const GstVideoInfo from = info_of(parse_caps(caps_of("RGB", rgb.size())).get());
  const Buffer source(gst_buffer_new_allocate(nullptr, from.size, nullptr));
  Buffer out(gst_buffer_new_allocate(nullptr, to.size, nullptr));
  {
    Mapping a(source.get(), from, GST_MAP_WRITE);
    Mapping b(out.get(), to, GST_MAP_WRITE);
    for (int y = 0; y < rgb.rows; ++y)
      std::copy_n(rgb.ptr(y), static_cast<std::ptrdiff_t>(rgb.cols) * 3,
                  static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&a.frame, 0)) +
                      static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&a.frame, 0));
    GstVideoConverter* converter = gst_video_converter_new(&from, &to, nullptr);
    gst_video_converter_frame(converter, &a.frame, &b.frame);
    gst_video_converter_free(converter);
  }
  GST_BUFFER_PTS(out.get()) = time;
  GST_BUFFER_DURATION(out.get()) = GST_SECOND / 30;
  return {std::move(out), text};
}

/// A convex outline that is surely face: the mesh's, or without a mesh the middle of the region, which is
/// larger than the face.
std::vector<cv::Point> outline_of(const FaceRegion& face, cv::Size frame) {
  std::vector<cv::Point2f> points;
  for (const cv::Point3f& p : face.landmarks)
    points.emplace_back(p.x, p.y);
  if (points.empty())
    for (const auto& [x, y] : {std::pair{.15F, .15F}, {.85F, .15F}, {.85F, .85F}, {.15F, .85F}})
      points.emplace_back(face.box.x + x * face.box.width, face.box.y + y * face.box.height);
  const auto inside = [](float value, int limit) { // tests put NaN and absurd boxes into stamps
    return std::isfinite(value) ? static_cast<int>(std::clamp(value, -1.F, static_cast<float>(limit))) : -1;
  };
  std::vector<cv::Point> pixels;
  for (const cv::Point2f& p : points)
    pixels.emplace_back(inside(p.x, frame.width), inside(p.y, frame.height));
  std::vector<cv::Point> hull;
  cv::convexHull(pixels, hull);
  return hull;
}

/// Hull of the inner lips; nothing without landmarks.
std::vector<cv::Point> mouth_of(const FaceRegion& face, cv::Size frame) {
  if (face.landmarks.empty())
    return {};
  FaceRegion lips = face;
  lips.landmarks.clear();
  for (const int index : faceswap::part::inner_lips())
    if (static_cast<std::size_t>(index) < face.landmarks.size())
      lips.landmarks.push_back(face.landmarks[static_cast<std::size_t>(index)]);
  return outline_of(lips, frame);
}

Picture picture_of(GstBuffer* buffer, GstCaps* caps) {
  Picture picture;
  picture.time = GST_BUFFER_PTS(buffer);
  const Mapping mapping(buffer, info_of(caps), GST_MAP_READ);
  picture.luma = luma_of(mapping.frame);
  if (const FaceFrame* stamp = find_faces(buffer))
    for (const FaceRegion& face : stamp->faces) {
      picture.faces.push_back(outline_of(face, picture.luma.size()));
      if (auto mouth = mouth_of(face, picture.luma.size()); !mouth.empty())
        picture.mouths.push_back(std::move(mouth));
    }
  return picture;
}

Line::Line(const std::string& middle)
    : Line(Whole{}, "appsrc name=in format=time max-bytes=0 ! " + middle + " ! appsink name=out sync=false") {
}

std::unique_ptr<Line> Line::whole(const std::string& description) {
  return std::unique_ptr<Line>(new Line(Whole{}, description));
}

Line::Line(Whole, const std::string& description) {
  GError* error = nullptr;
  pipeline_ = gst_parse_launch(description.c_str(), &error);
  if (error != nullptr || pipeline_ == nullptr) {
    const std::string text = error != nullptr ? error->message : "no pipeline";
    g_clear_error(&error);
    throw std::runtime_error(description + ": " + text);
  }
}

Line::~Line() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
}

bool Line::start() {
  const bool fine = gst_element_set_state(pipeline_, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
  if (!fine)
    look_at_bus(0);
  return fine;
}

void Line::push(Frame frame) {
  const Caps caps = parse_caps(frame.caps);
  GstSample* sample = gst_sample_new(frame.buffer.get(), caps.get(), nullptr, nullptr);
  frame.buffer.reset(); // the sample's own reference remains, so that the element gets a writable buffer
  gst_app_src_push_sample(GST_APP_SRC(element("in")), sample);
  gst_sample_unref(sample);
  ++pushed_;
}

void Line::end_of_stream() {
  gst_app_src_end_of_stream(GST_APP_SRC(element("in")));
}

void Line::finish() {
  end_of_stream();
  wait();
}

void Line::wait() {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!ended_ && error_.empty() && std::chrono::steady_clock::now() < limit) {
    while (collect(0)) {
    }
    look_at_bus(20 * GST_MSECOND);
  }
  while (collect(0)) {
  }
}

void Line::await(std::size_t count) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (left_.size() < count && !ended_ && error_.empty() && std::chrono::steady_clock::now() < limit)
    if (!collect(20 * GST_MSECOND))
      look_at_bus(0);
}

bool Line::collect(GstClockTime wait) {
  GstElement* sink = element("out");
  if (sink == nullptr)
    return false;
  GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), wait);
  if (sample == nullptr)
    return false;
  left_.push_back(picture_of(gst_sample_get_buffer(sample), gst_sample_get_caps(sample)));
  gst_sample_unref(sample);
  return true;
}

void Line::look_at_bus(GstClockTime wait) {
  GstBus* bus = gst_element_get_bus(pipeline_);
  const auto wanted = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  while (GstMessage* message = gst_bus_timed_pop_filtered(bus, wait, wanted)) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
      ended_ = true;
    } else if (error_.empty()) {
      GError* error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      error_ = std::string(g_quark_to_string(error->domain)) + " " + std::to_string(error->code) + ": " +
               error->message;
      g_error_free(error);
    }
    gst_message_unref(message);
    wait = 0;
  }
  gst_object_unref(bus);
}

void Line::at(const char* name, const char* pad_name, std::function<void(GstBuffer*&)> change) {
  using Change = std::function<void(GstBuffer*&)>;
  GstPad* pad = gst_element_get_static_pad(element(name), pad_name);
  const auto probe = [](GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    (*static_cast<Change*>(data))(buffer);
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    return GST_PAD_PROBE_OK;
  };
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, probe, new Change(std::move(change)),
                    [](gpointer data) { delete static_cast<Change*>(data); });
  gst_object_unref(pad);
}

GstElement* Line::element(const char* name) const {
  GstElement* found = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  if (found != nullptr)
    gst_object_unref(found); // the pipeline keeps it
  return found;
}

std::string Line::story() const {
  if (!error_.empty())
    return "stopped: " + error_;
  std::string text = ended_ ? "" : "no end of stream; ";
  GstElement* cover = element("cover");
  if (cover == nullptr)
    return text + "passed";
  GstStructure* stats = nullptr;
  g_object_get(cover, "stats", &stats, nullptr);
  std::string whole;
  for (const char* doubt : {"no-stamp", "wrong-size", "other-picture", "bad-region"})
    if (!stat_text(stats, (std::string("doubt-") + doubt).c_str(), "").empty())
      whole += (whole.empty() ? "" : ", ") + std::string(doubt);
  const std::string covered = stat_text(stats, "frames-covered", " frames covered whole");
  const std::string dropped = stat_text(stats, "frames-dropped", " frames dropped");
  text += covered + dropped + (whole.empty() ? "" : " (" + whole + ")");
  const std::string faces = stat_text(stats, "faces", " faces covered");
  text += (whole.empty() || faces.empty() ? "" : ", ") + faces;
  gst_structure_free(stats);
  if (!text.empty())
    return text;
  return left_.empty() ? "no frame, no error" : "passed as they are: no face in them";
}

} // namespace deid::test
