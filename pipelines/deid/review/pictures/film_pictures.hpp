#pragma once
#include "pipelines/deid/review/pictures/lane.hpp"
#include "pipelines/deid/review/server/desk.hpp"

namespace deid::review::page {

/// The pictures of a video and its result. The original is not opened before somebody asks for a picture of
/// it. Thread: any.
class FilmPictures : public Pictures {
public:
  struct Films {
    std::filesystem::path original{}, result{};
    std::filesystem::path folder{}; ///< where files without a name are made
    bool no_original = false;       ///< picture() refuses the original
  };
  explicit FilmPictures(Films films, const LaneLimits& limits = {});
  std::string picture(Side side, int frame, bool whole) override;
  Json progress() const override;
  bool awaited() const override;
  void result_is(const std::filesystem::path& file) override;

private:
  /// Shared, because a request may still wait for the lane that another result replaces.
  std::shared_ptr<Lane> lane(Side side);
  const Films films_;
  const LaneLimits limits_;
  mutable std::mutex mutex_{};
  std::shared_ptr<Lane> original_{}, result_; ///< guarded by mutex_
};

} // namespace deid::review::page
