#pragma once
#include "pipelines/deid/review/session.hpp"
#include <memory>
#include <string>

namespace deid::review::page {

/// Which of the two videos.
enum class Side { original, result };

/// Frames as JPEG pictures. Frames are numbered as in Session. Thread: any.
class Pictures {
public:
  virtual ~Pictures() = default;
  /// A frame, upright. whole: in full size, otherwise small (proxy). Waits until it is decoded. Throws
  /// UserError: no such frame, the file cannot be decoded, or this side may not be shown.
  virtual std::string picture(Side side, int frame, bool whole) = 0;
  /// {result: {frames, ready}, original: {frames, ready} or null}: how many small pictures are prepared.
  virtual Json progress() const = 0;
  /// Whether a person waits for a frame that is not prepared, or did so just now: other work steps back.
  virtual bool awaited() const { return false; }
  /// The result is another file now. Throws UserError.
  virtual void result_is(const std::filesystem::path& file) = 0;
};

/// One open video.
struct Opened {
  std::unique_ptr<Session> session{};
  std::unique_ptr<Pictures> pictures{};
  std::filesystem::path folder{}; ///< of the result
};

/// The videos of one review, and the one of them that is open. Thread: any.
class Desk {
public:
  virtual ~Desk() = default;
  /// {state: "choose", "opening", "open" or "failed", name or null, look: "waiting", "running", "done" or
  /// "failed", progress [0..1] of the second look, error or null, batch: whether there are several videos}.
  virtual Json status() = 0;
  /// The open video; null while there is none. Shared, because requests still use it when another video is
  /// opened.
  virtual std::shared_ptr<Opened> opened() = 0;
  /// [{name, state, moments_left, locked_by}] of all videos.
  virtual Json batch() = 0;
  /// Begins to open a video of the batch, and returns. Throws UserError: there is none of this name.
  virtual void open(const std::string& name) = 0;
};

} // namespace deid::review::page
