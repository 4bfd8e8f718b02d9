#pragma once
#include "pipelines/deid/review/moments.hpp"
#include "pipelines/deid/review/people.hpp"
#include <functional>

namespace deid::review {

/// One place in one frame, as a person sees it among others.
struct Tile {
  int frame = 0;
  cv::Rect2d part{};      ///< what is shown of the frame [px], within it
  std::size_t moment = 0; ///< on a sheet: its place in Moments::shown
};

/// What a person asks of pictures.
enum class Question {
  face,      ///< Does a face show that no cover holds?
  different, ///< Is the new face another person's, before and after?
  covered,   ///< The whole picture is covered. Does anything show?
};

/// Tiles under one question.
struct Strip {
  Question question = Question::face;
  std::vector<std::size_t> moments{}; ///< places in Moments::shown
  std::vector<Tile> tiles{};
};

/// The frames and places of some moments, in one picture. Moments of one question stand together, so one look
/// and one key answer it for all of them.
using Sheet = std::vector<Strip>;

/// Returns the frames of a moment, at each of its places. Beside a cover's begin or end, the cover's own
/// frame is left out. The part follows the person's cover; where there is none, it lies between the covers
/// before and after, or grows with each frame since the last one. It leaves a face's width free at each side.
std::vector<Tile> tiles_of(const Moment& moment, const Audited& audited);

/// Returns the worst of the open moments, in this order, as many as a sheet holds, and at least one. is_open:
/// of a moment. Empty: none is open.
Sheet next_sheet(const Moments& moments, const Audited& audited,
                 const std::function<bool(const Moment&)>& is_open);

/// Returns frames of one person from the first to the last, evenly spread, as many as a sheet holds.
std::vector<Tile> tiles_of_person(int person, const People& people, const Audited& audited);

} // namespace deid::review
