#pragma once
#include "pipelines/deid/media/film.hpp"
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>

struct AVFrame;

namespace deid::review::page {

/// Decodes the shown frames of a film, from any place on. Frames are numbered from 0 in the order in which
/// they are shown, as in an audit. Thread: one at a time.
class Reel {
public:
  /// A decoded frame.
  using Held = std::shared_ptr<const AVFrame>;

  /// Borrows the film. Throws UserError (cli::Failure): the file cannot be opened or decoded.
  Reel(const std::filesystem::path& file, const cli::Film& film);
  ~Reel();
  Reel(const Reel&) = delete;
  Reel& operator=(const Reel&) = delete;

  /// Whether go_to() works: the times of the frames tell one from the other.
  [[nodiscard]] bool can_go() const;
  /// Decodes the next shown frame and returns its number. Empty: the film has ended, or the rest is damaged.
  std::optional<int> next();
  /// Makes next() return this frame, or one that is a little before it. Requires can_go() and a shown frame.
  void go_to(int frame);
  /// Lets next() leave out frames before this one, which makes it faster: those that no other frame is
  /// decoded from. Holds until it is said again. Requires can_go().
  void leave_out_before(int frame);
  /// Makes next() return the first frame, also where go_to() finds no way back to it.
  void restart();
  /// The frame that next() returned last, upright: 8-bit RGB, long side at most `most` px, never enlarged.
  /// Requires that next() returned a frame.
  [[nodiscard]] cv::Mat picture(int most) const;
  /// The frame that next() returned last, to be made a picture later. Requires that next() returned a frame.
  [[nodiscard]] Held held() const;
  /// As picture(most), of a frame that was held.
  [[nodiscard]] cv::Mat picture(int most, const Held& held) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::review::page
