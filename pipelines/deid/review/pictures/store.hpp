#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deid::review::page {

/// Keeps small pictures of frames in a file without a name, which is gone when the program ends, however it
/// ends: no copy of a video stays behind. When the file reaches its most bytes, or the disk is full, the
/// pictures that came first make room. Thread: one at a time.
class Store {
public:
  /// folder: on the disk that is used. frames: of the film. most: bytes of the file. Throws UserError when no
  /// file can be made there.
  Store(const std::filesystem::path& folder, std::size_t frames, std::int64_t most);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] bool has(std::size_t frame) const { return places_[frame].size != 0; }
  /// How many pictures it has.
  [[nodiscard]] std::size_t count() const { return kept_.size(); }
  /// Whether it had to forget pictures.
  [[nodiscard]] bool full() const { return full_; }
  /// Empty: it has none of this frame.
  [[nodiscard]] std::optional<std::string> get(std::size_t frame) const;
  /// Returns false when the disk takes nothing more. Requires that it has no picture of this frame.
  bool put(std::size_t frame, const std::string& picture);

private:
  struct Place {
    std::int64_t begin = 0;
    std::uint32_t size = 0; ///< [byte]; 0: none
  };
  void forget_oldest();
  std::vector<Place> places_;
  std::deque<std::uint32_t> kept_{}; ///< frames in the order in which they came
  std::int64_t most_, used_ = 0, end_ = 0;
  bool full_ = false;
  int fd_ = -1;
};

} // namespace deid::review::page
