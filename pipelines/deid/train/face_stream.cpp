#include "pipelines/deid/train/face_stream.hpp"
#include "elements/base/error.hpp"
#include "elements/base/mapped_frame.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/film_reader.hpp"
#include "pipelines/deid/run/graph.hpp"
#include <gst/app/gstappsink.h>

namespace deid::cli {

namespace {

Ref<GstElement> graph_of(const std::filesystem::path& clip, const Source& source) {
  Tokens t{"filesrc", std::string("name=") + role::file, property("location", clip.string()), "!"};
  const Tokens decoder = decode_video();
  t.insert(t.end(), decoder.begin(), decoder.end());
  for (const Tokens& part :
       {Tokens{"name=dec", "dec.", "!", "video/x-raw", "!"},
        Tokens{"queue", std::string("name=") + role::decoded, "max-size-buffers=4", "max-size-bytes=0",
               "max-size-time=0", "!"},
        Tokens{"videoconvert", "!", "videoflip", "video-direction=" + source.turning(), "!"},
        Tokens{"deidfacedetect", "updates=none", "!"},
        Tokens{"appsink", "name=out", "sync=false", "max-buffers=4"}})
    t.insert(t.end(), part.begin(), part.end());
  std::vector<const gchar*> argv;
  for (const std::string& token : t)
    argv.push_back(token.c_str());
  argv.push_back(nullptr);
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launchv_full(argv.data(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  const Ref<GError> owned(error);
  if (pipeline == nullptr)
    throw Failure(std::string("The graph cannot be built: ") +
                  (error != nullptr ? error->message : "unknown reason") +
                  ". `deid doctor` says what is missing.");
  return Ref<GstElement>(static_cast<GstElement*>(gst_object_ref_sink(pipeline)));
}

/// Runs the pipeline while this object lives.
class Playing {
public:
  explicit Playing(GstElement* pipeline) : pipeline_(pipeline) {
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
  }
  ~Playing() { gst_element_set_state(pipeline_, GST_STATE_NULL); }
  Playing(const Playing&) = delete;
  Playing& operator=(const Playing&) = delete;

private:
  GstElement* pipeline_;
};

using Sample = Ref<GstSample>;

void throw_errors(GstElement* pipeline, const std::filesystem::path& clip) {
  const Ref<GstBus> bus(gst_element_get_bus(pipeline));
  const auto message = Ref<GstMessage>(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message)
    return;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  const Ref<GError> owned(error);
  throw Failure(clip.string() + ": " + error->message);
}

/// Returns the next frame, or nothing at the end.
Sample next(GstElement* pipeline, GstAppSink* sink, const std::filesystem::path& clip) {
  constexpr int most_waits = 600; // of .2 s without a frame
  for (int waits = 0; waits < most_waits; ++waits) {
    if (Sample sample(gst_app_sink_try_pull_sample(sink, 200 * GST_MSECOND)); sample)
      return sample;
    throw_errors(pipeline, clip);
    if (gst_app_sink_is_eos(sink))
      return {};
  }
  throw Failure(clip.string() + ": no frame came for two minutes.");
}

void hand_over(GstSample* sample, const std::filesystem::path& clip, std::int64_t duration,
               const std::function<void(const FacesOfFrame&)>& use) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)))
    throw Failure(clip.string() + ": a frame has an unknown format.");
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  const FaceFrame* faces = find_faces(buffer);
  if (faces == nullptr)
    throw Failure(clip.string() + ": a frame has no stamp of facedetect.");
  MappedFrame mapped(buffer, info, GST_MAP_READ);
  const auto pts = GST_BUFFER_PTS_IS_VALID(buffer) ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)) : 0;
  use({mapped.view(), *faces, pts, duration});
}

} // namespace

void each_face_frame(const std::filesystem::path& clip, const std::function<void(const FacesOfFrame&)>& use) {
  Source source;
  FilmReader reader(clip);
  follow(reader.film(), source);
  const Ref<GstElement> pipeline = graph_of(clip, source);
  const Ref<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  reader.attach(pipeline.get(), role::file, role::decoded);
  const Playing playing(pipeline.get());
  while (const Sample sample = next(pipeline.get(), GST_APP_SINK(sink.get()), clip)) {
    hand_over(sample.get(), clip, reader.film().end, use);
  }
  throw_errors(pipeline.get(), clip);
  reader.verify();
}

} // namespace deid::cli
