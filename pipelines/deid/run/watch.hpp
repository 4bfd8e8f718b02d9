#pragma once
#include "pipelines/deid/gst_ptr.hpp"
#include "pipelines/deid/media/source.hpp"
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace deid::cli {

/// Counts and checks the frames at both ends of a running graph, and takes out what travels beside the
/// pixels: tags, chapters, captions, time codes and other data that a file or a codec would carry along.
/// Probes run in the streaming threads.
class Watch {
public:
  struct Options {
    bool live = false;
    bool stop_on_corrupt = true;
    std::vector<std::int64_t>
        times{}; ///< Source::times: given to the frames, which end there; empty: the stream knows
  };
  Watch(GstElement* pipeline, const Options& options);
  ~Watch();
  Watch(const Watch&) = delete;

  std::uint64_t frames_in() const { return frames_in_.load(); }
  std::uint64_t frames_out() const { return frames_out_.load(); }
  /// Running time of the last frame that left [ns].
  std::int64_t position() const { return position_.load(); }
  /// The first thing that was wrong with the stream, or nothing.
  std::string trouble() const;

  /// Throws Failure unless every frame that came in went out once, with its size and its time.
  /// dropped: frames that an element dropped because it was told to.
  void verify(const Source& source, std::uint64_t dropped, bool constant_rate) const;

private:
  struct Times {
    std::vector<std::int64_t> all{};
    int width = 0, height = 0;
  };
  void add_probe(const char* element, const char* pad, GstPadProbeCallback callback);
  void note_trouble(const std::string& what);
  void on_input(GstPad* pad, GstPadProbeInfo* info);
  GstBuffer* retimed(GstBuffer* buffer) const;
  void on_segment(GstPad* pad, GstEvent* event);
  static GstPadProbeReturn input(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn strip(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn output(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn drop_tags(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static void on_element(GstBin* bin, GstBin* sub, GstElement* element, gpointer self) noexcept;

  GstElement* pipeline_;
  Options options_;
  std::atomic<std::uint64_t> frames_in_{0}, frames_out_{0};
  std::atomic<std::int64_t> position_{0};
  mutable std::mutex lock_{};
  Times in_{}, out_{};
  std::atomic<bool> matroska_{false}; ///< its first segment has to be looked at
  std::string trouble_{};
  struct Probe {
    Ref<GstPad> pad;
    gulong id;
  };
  std::vector<Probe> probes_{};
  gulong handler_ = 0;
};

} // namespace deid::cli
