#include "pipelines/deid/review/pictures/film_pictures.hpp"

namespace deid::review::page {

FilmPictures::FilmPictures(Films films, const LaneLimits& limits)
    : films_(std::move(films)), limits_(limits),
      result_(std::make_shared<Lane>(films_.result, films_.folder, limits_)) {}

std::shared_ptr<Lane> FilmPictures::lane(Side side) {
  const std::scoped_lock lock(mutex_);
  if (side == Side::result)
    return result_;
  if (films_.no_original)
    throw UserError("This review shows no picture of the original.");
  if (!original_)
    original_ = std::make_shared<Lane>(films_.original, films_.folder, limits_);
  return original_;
}

std::string FilmPictures::picture(Side side, int frame, bool whole) {
  return lane(side)->picture(frame, whole);
}

Json FilmPictures::progress() const {
  const std::scoped_lock lock(mutex_);
  return {{"result", result_->progress()}, {"original", original_ ? original_->progress() : Json()}};
}

bool FilmPictures::awaited() const {
  const std::scoped_lock lock(mutex_);
  return result_->awaited() || (original_ && original_->awaited());
}

void FilmPictures::result_is(const std::filesystem::path& file) {
  auto lane = std::make_shared<Lane>(file, films_.folder, limits_);
  const std::scoped_lock lock(mutex_);
  result_.swap(lane); // the former one ends when no request waits for it
}

} // namespace deid::review::page
