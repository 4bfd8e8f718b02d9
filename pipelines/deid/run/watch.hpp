#pragma once
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/timetable.hpp"
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace deid::cli {

/// The decoder output another number of pictures than the film has.
class Miscounted : public Failure {
public:
  Miscounted(const std::string& sentence, std::uint64_t decoded) : Failure(sentence), decoded_(decoded) {}
  std::uint64_t decoded() const { return decoded_; }

private:
  std::uint64_t decoded_;
};

/// Counts and checks the frames at both ends of a running graph, and removes data beside the pixels: tags,
/// chapters, captions, time codes and other data that a file or a codec would keep. Probes run in the
/// streaming threads.
class Watch {
public:
  struct Options {
    bool live = false;
    bool stop_on_corrupt = true;
    const Film* film = nullptr; ///< not owned; gives the frames' times; null: live
    bool endless = false;       ///< the demuxer starts again at its end (GIF)
  };
  Watch(GstElement* pipeline, const Options& options);
  ~Watch();
  Watch(const Watch&) = delete;

  std::uint64_t frames_in() const { return frames_in_.load(); }
  std::uint64_t frames_out() const { return frames_out_.load(); }
  /// Number of decoded pictures, including those that an edit list hides.
  std::uint64_t decoded() const { return decoded_.load(); }
  /// Running time of the last frame that left [ns].
  std::int64_t position() const { return position_.load(); }
  /// The first problem with the stream, or an empty text.
  std::string trouble() const;

  /// Throws Miscounted or Failure unless every frame of the film came in and left once, with its size and
  /// time. dropped: frames that an element dropped by its settings.
  void verify(const Source& source, std::uint64_t dropped, bool constant_rate) const;
  /// Number of the film's pictures that were not decoded.
  std::uint64_t missing() const;
  /// Presentation times of the frames that left, in order [ns].
  std::vector<std::int64_t> times_out() const;

private:
  struct Times {
    std::vector<std::int64_t> all{};
    int width = 0, height = 0;
  };
  void add_probe(const char* element, const char* pad, GstPadProbeCallback callback);
  void note_trouble(const std::string& what);
  void on_caps(GstEvent* event);
  bool take(GstPadProbeInfo* info);
  void shift_muxer() const;
  void verify_decoded() const;
  static GstPadProbeReturn input(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn strip(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn output(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static GstPadProbeReturn drop_tags(GstPad* pad, GstPadProbeInfo* info, gpointer self) noexcept;
  static void on_element(GstBin* bin, GstBin* sub, GstElement* element, gpointer self) noexcept;

  GstElement* pipeline_;
  Options options_;
  std::optional<Timetable> table_{}; ///< files only; used in the decoder's thread
  std::atomic<std::uint64_t> frames_in_{0}, frames_out_{0}, decoded_{0};
  std::atomic<std::int64_t> position_{0};
  mutable std::mutex lock_{};
  Times in_{}, out_{};
  std::string trouble_{};
  struct Probe {
    Ref<GstPad> pad;
    gulong id;
  };
  std::vector<Probe> probes_{};
  gulong handler_ = 0;
};

} // namespace deid::cli
