#include "pipelines/deid/evaluate/tap.hpp"
#include "elements/base/mapped_frame.hpp"
#include "elements/video/planes.hpp"
#include "pipelines/deid/evaluate/face_search.hpp"
#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/failure.hpp"
#include <chrono>
#include <ctime>
#include <gst/video/video.h>
#include <optional>

namespace deid::cli {

namespace {

using Clock = std::chrono::steady_clock;

double thread_cpu() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// A probe on a pad; removed with this object.
struct Probe {
  Ref<GstPad> pad;
  gulong id = 0;
  std::unique_ptr<std::function<void(GstPad*, GstBuffer*)>> call;
  Probe(Ref<GstPad> on, std::function<void(GstPad*, GstBuffer*)> what)
      : pad(std::move(on)),
        call(std::make_unique<std::function<void(GstPad*, GstBuffer*)>>(std::move(what))) {
    id = gst_pad_add_probe(
        pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad* p, GstPadProbeInfo* info, gpointer data) noexcept {
          (*static_cast<std::function<void(GstPad*, GstBuffer*)>*>(data))(p, GST_PAD_PROBE_INFO_BUFFER(info));
          return GST_PAD_PROBE_OK;
        },
        call.get(), nullptr);
  }
  Probe(Probe&&) = default;
  Probe& operator=(Probe&&) = delete;
  ~Probe() {
    if (pad)
      gst_pad_remove_probe(pad.get(), id);
  }
};

std::optional<GstVideoInfo> info_of(GstPad* pad) {
  GstVideoInfo info;
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const Ref<GstCaps> owned(caps);
  if (caps == nullptr || !gst_video_info_from_caps(&info, caps))
    return std::nullopt;
  return info;
}

std::shared_ptr<GstSample> sample_of(GstPad* pad, GstBuffer* buffer) {
  const Ref<GstCaps> caps(gst_pad_get_current_caps(pad));
  return {gst_sample_new(buffer, caps.get(), nullptr, nullptr), gst_sample_unref};
}

Kept kept_of(std::int64_t frame, GstPad* pad, GstBuffer* buffer) {
  return {frame, static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)), sample_of(pad, buffer)};
}

/// Chooses frames at even distances over a video of unknown length. It keeps every n-th frame. When there are
/// too many, it drops every second one and doubles n.
class EvenFrames {
public:
  void offer(std::int64_t frame, const std::function<Kept()>& keep) {
    if (frame % step_ != 0)
      return;
    kept_.push_back(keep());
    if (kept_.size() < 4 * sample_count)
      return;
    for (std::size_t i = 0; 2 * i < kept_.size(); ++i)
      kept_[i] = kept_[2 * i];
    kept_.resize((kept_.size() + 1) / 2);
    step_ *= 2;
  }
  /// Returns sample_count of the kept frames, or all when there are fewer.
  [[nodiscard]] std::vector<Kept> chosen() const {
    std::vector<Kept> few;
    const std::size_t n = std::min(sample_count, kept_.size());
    for (std::size_t i = 0; i < n; ++i)
      few.push_back(kept_[(2 * i + 1) * kept_.size() / (2 * n)]);
    return few;
  }

private:
  std::vector<Kept> kept_{};
  std::int64_t step_ = 1;
};

/// Data of an original frame, until all methods have passed it.
struct Original {
  std::int64_t frame = 0;
  Ref<GstBuffer> buffer{};
  std::vector<evaluate::Seen> faces{};
  std::size_t wanted = 0; ///< methods that this frame has not passed yet
};

struct OfMethod {
  Looked looked{};
  EvenFrames samples{};
};

} // namespace

struct Taps::Impl {
  Options options;
  std::optional<FaceSearch> search{};
  mutable std::mutex lock{}; ///< guards all below except the times, each of which has one thread
  std::map<GstClockTime, Original> waiting{};
  std::map<std::string, OfMethod> methods{};
  EvenFrames originals{};
  std::int64_t frames = 0;
  std::optional<GstClockTime> first{};
  GstClockTime last = 0;
  std::string trouble{};
  struct Timer {
    StageTime time{};
    double cpu_start = 0;
    Clock::time_point wall_start{};
  };
  std::map<std::string, Timer> timers{};
  mutable std::map<std::string, StageTime> times{};
  std::vector<Probe> probes{};

  explicit Impl(Options o) : options(std::move(o)) {
    for (const std::string& method : options.methods)
      methods[method];
    for (const std::string& name : options.timed)
      timers[name];
    if (options.leaks && !options.methods.empty())
      search.emplace(options.size);
  }

  void note(const std::string& what) {
    const std::scoped_lock guard(lock);
    if (trouble.empty())
      trouble = what;
  }

  /// Runs some frames ahead of original().
  void ahead(GstPad* pad, GstBuffer* buffer) {
    const auto info = info_of(pad);
    if (!search || !info || !GST_BUFFER_PTS_IS_VALID(buffer))
      return;
    MappedFrame mapped(buffer, *info, GST_MAP_READ);
    search->look_ahead(static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)), mapped.view());
  }

  /// Runs in the thread that feeds all methods, before any of them has the frame.
  void original(GstPad* pad, GstBuffer* buffer) {
    const auto info = info_of(pad);
    if (!info || !GST_BUFFER_PTS_IS_VALID(buffer))
      return;
    Original entry{.frame = frames++, .wanted = methods.size()};
    first = first.value_or(GST_BUFFER_PTS(buffer));
    last = std::max(last, GST_BUFFER_PTS(buffer));
    if (search) {
      MappedFrame mapped(buffer, *info, GST_MAP_READ);
      entry.faces = search->faces(static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)), mapped.view());
    }
    const std::scoped_lock guard(lock);
    if (options.originals)
      originals.offer(entry.frame, [&] { return kept_of(entry.frame, pad, buffer); });
    if (methods.empty() || waiting.contains(GST_BUFFER_PTS(buffer)))
      return;
    entry.buffer.reset(gst_buffer_ref(buffer));
    waiting.emplace(GST_BUFFER_PTS(buffer), std::move(entry));
  }

  void result(const std::string& method, GstPad* pad, GstBuffer* buffer) {
    const auto info = info_of(pad);
    std::unique_lock guard(lock);
    const auto found = waiting.find(GST_BUFFER_PTS(buffer));
    if (!info || found == waiting.end())
      return;
    const Original& entry = found->second; // stays until the last method has passed it
    guard.unlock();
    std::vector<evaluate::Risk> risks;
    std::size_t outside = 0;
    if (search && !entry.faces.empty())
      compare(*info, entry, buffer, risks, outside);
    guard.lock();
    keep(methods.at(method), entry, pad, buffer, risks, outside);
    if (--found->second.wanted == 0)
      waiting.erase(found);
  }

  static void compare(const GstVideoInfo& info, const Original& entry, GstBuffer* buffer,
                      std::vector<evaluate::Risk>& risks, std::size_t& outside) {
    MappedFrame before(entry.buffer.get(), info, GST_MAP_READ), after(buffer, info, GST_MAP_READ);
    const cv::Mat a = video::plane(before.view(), 0), b = video::plane(after.view(), 0);
    for (const evaluate::Seen& face : entry.faces) {
      const auto shown = evaluate::shown(a, b, face);
      outside += shown ? 0 : 1;
      if (shown && shown->leak())
        risks.push_back(
            {entry.frame, static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)), face.box, face.score, *shown});
    }
  }

  void keep(OfMethod& of, const Original& entry, GstPad* pad, GstBuffer* buffer,
            const std::vector<evaluate::Risk>& risks, std::size_t outside) {
    Looked& looked = of.looked;
    looked.frames += search ? 1 : 0;
    looked.faces += entry.faces.size();
    looked.outside += outside;
    looked.risks.insert(looked.risks.end(), risks.begin(), risks.end());
    of.samples.offer(entry.frame, [&] { return kept_of(entry.frame, pad, buffer); });
    if (!risks.empty() && looked.risky.size() < most_risky)
      looked.risky.push_back(kept_of(entry.frame, pad, buffer));
  }

  void add(GstElement* pipeline, const std::string& name, const char* pad_name,
           std::function<void(GstPad*, GstBuffer*)> call) {
    const Ref<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline), name.c_str()));
    Ref<GstPad> pad(element ? gst_element_get_static_pad(element.get(), pad_name) : nullptr);
    if (!pad)
      return;
    probes.emplace_back(std::move(pad), [this, call = std::move(call)](GstPad* on, GstBuffer* buffer) {
      try {
        call(on, buffer);
      } catch (const std::exception& e) { // a probe is called from C
        note(std::string("The search for unchanged faces failed: ") + e.what());
      }
    });
  }

  void time(GstElement* pipeline, const std::string& name, Timer& timer) {
    add(pipeline, name, "sink", [&timer](GstPad*, GstBuffer*) {
      timer.cpu_start = thread_cpu();
      timer.wall_start = Clock::now();
    });
    add(pipeline, name, "src", [&timer](GstPad*, GstBuffer*) {
      const double cpu = thread_cpu();
      const auto now = Clock::now();
      timer.time.cpu += cpu - timer.cpu_start;
      timer.time.wall += std::chrono::duration<double>(now - timer.wall_start).count();
      timer.cpu_start = cpu;
      timer.wall_start = now;
      ++timer.time.frames;
    });
  }
};

Taps::Taps(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Taps::~Taps() = default;

void Taps::attach(GstElement* pipeline) {
  for (auto& [name, timer] : impl_->timers)
    impl_->time(pipeline, name, timer);
  // added after the timers' probes on that pad, so that the element's time includes the comparison
  impl_->add(pipeline, search_original, "sink",
             [this](GstPad* pad, GstBuffer* buffer) { impl_->ahead(pad, buffer); });
  impl_->add(pipeline, tap_original, "sink",
             [this](GstPad* pad, GstBuffer* buffer) { impl_->original(pad, buffer); });
  for (const std::string& method : impl_->options.methods)
    impl_->add(pipeline, part_name("tap", method), "sink",
               [this, method](GstPad* pad, GstBuffer* buffer) { impl_->result(method, pad, buffer); });
}

Looked Taps::looked(const std::string& method) const {
  const OfMethod& of = impl_->methods.at(method);
  Looked looked = of.looked;
  looked.samples = of.samples.chosen();
  return looked;
}

std::vector<Kept> Taps::originals() const {
  return impl_->originals.chosen();
}

const std::map<std::string, StageTime>& Taps::times() const {
  for (const auto& [name, timer] : impl_->timers)
    impl_->times[name] = timer.time;
  return impl_->times;
}

double Taps::seconds() const {
  if (impl_->frames < 2)
    return 0;
  const auto n = static_cast<double>(impl_->frames);
  return 1e-9 * static_cast<double>(impl_->last - *impl_->first) * n /
         (n - 1); // the last frame has a duration, too
}

std::size_t Taps::frames() const {
  return static_cast<std::size_t>(impl_->frames);
}

std::string Taps::trouble() const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->trouble;
}

std::string jpeg_of(GstSample* sample, int width) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)))
    throw Failure("A frame cannot be kept as a picture.");
  const int shown = std::min(width, GST_VIDEO_INFO_WIDTH(&info));
  const int height =
      std::max(1, GST_VIDEO_INFO_HEIGHT(&info) * shown / std::max(1, GST_VIDEO_INFO_WIDTH(&info)));
  const Ref<GstCaps> caps(
      gst_caps_new_simple("image/jpeg", "width", G_TYPE_INT, shown, "height", G_TYPE_INT, height, nullptr));
  GError* error = nullptr;
  GstSample* jpeg = gst_video_convert_sample(sample, caps.get(), 10 * GST_SECOND, &error);
  const Ref<GstSample> owned(jpeg);
  const Ref<GError> why(error);
  if (jpeg == nullptr)
    throw Failure(std::string("A frame cannot be kept as a picture: ") +
                  (error ? error->message : "unknown reason") + ".");
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(jpeg);
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
    throw Failure("A frame cannot be kept as a picture.");
  std::string bytes(reinterpret_cast<const char*>(map.data), map.size);
  gst_buffer_unmap(buffer, &map);
  return bytes;
}

} // namespace deid::cli
