#pragma once
#include "elements/facedetect/tracker.hpp"
#include "fake_finder.hpp"
#include <deque>
#include <random>

namespace deid::facedetect::test {

inline constexpr int width = 320, height = 240;

/// Pushes frames through a tracker and keeps what leaves.
class Stream {
public:
  explicit Stream(FakeFinder& finder, std::size_t lookahead = 0)
      : tracker(finder), finder_(finder), lookahead_(lookahead) {
    tracker.reset({width, height}, 640 * 480, lookahead == 0 ? Pace::live : Pace::ahead);
    settings.heads = Heads::facing;
  }
  /// texture: seed of the background; a change of it is a cut.
  void push(int number, unsigned texture = 1) {
    auto& pixels = store_.emplace_back(make(number, texture));
    PendingFrame frame;
    frame.view.layout = video::Layout::gray;
    frame.view.width = width;
    frame.view.height = height;
    frame.view.planes[0] = {pixels.data(), width};
    frame.time = number * period + delay;
    pending_.push_back(frame);
    tracker.step(pending_, settings);
    if (pending_.size() > lookahead_)
      leave();
  }
  void run(int from, int to, unsigned texture = 1) {
    for (int n = from; n < to; ++n)
      push(n, texture);
  }
  void drain() {
    tracker.finish(pending_);
    while (!pending_.empty())
      leave();
  }
  [[nodiscard]] const FaceRegion* near(int number, const cv::Rect2f& box) const {
    for (const FaceRegion& face : out.at(static_cast<std::size_t>(number)).faces)
      if (overlap_of_smaller(face.box, box) > 0.8F)
        return &face;
    return nullptr;
  }
  Tracker tracker;
  Settings settings{};
  std::int64_t period = 33'333'333; ///< ns between frames
  std::int64_t delay = 0;           ///< ns that are added to the times of later frames
  std::vector<PendingFrame> out;

private:
  /// Returns a frame: background blocks, and a pattern for each actor, the first actor in front.
  std::vector<std::uint8_t> make(int number, unsigned texture) const {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
    std::mt19937 random(texture);
    std::vector<std::uint8_t> blocks(16 * 12);
    for (auto& b : blocks)
      b = static_cast<std::uint8_t>(random() % 256);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        pixels[static_cast<std::size_t>(y) * width + x] =
            blocks[static_cast<std::size_t>(y / 20) * 16 + x / 20];
    for (std::size_t i = finder_.actors.size(); i-- > 0;)
      draw(pixels, finder_.actors[i].place(number),
           static_cast<unsigned>(100 + i + (finder_.actors[i].patterned(number) ? 0 : 50)));
    pixels[0] = static_cast<std::uint8_t>(number % 256);
    pixels[1] = static_cast<std::uint8_t>(number / 256);
    return pixels;
  }
  static void draw(std::vector<std::uint8_t>& pixels, const cv::Rect2f& box, unsigned texture) {
    if (!is_finite(box) || box.empty())
      return;
    std::mt19937 random(texture);
    std::vector<std::uint8_t> cells(8 * 8);
    for (auto& c : cells)
      c = static_cast<std::uint8_t>(random() % 256);
    const cv::Rect inside = cv::Rect(box) & cv::Rect(0, 0, width, height);
    for (int y = inside.y; y < inside.br().y; ++y)
      for (int x = inside.x; x < inside.br().x; ++x) {
        const auto row = static_cast<std::size_t>((static_cast<float>(y) - box.y) / box.height * 7.99F);
        const auto column = static_cast<std::size_t>((static_cast<float>(x) - box.x) / box.width * 7.99F);
        pixels[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] =
            cells[std::min<std::size_t>(63, row * 8 + column)];
      }
  }
  void leave() {
    tracker.count(pending_.front());
    out.push_back(pending_.front());
    pending_.pop_front();
    store_.pop_front();
  }
  FakeFinder& finder_;
  std::size_t lookahead_;
  std::deque<PendingFrame> pending_;
  std::deque<std::vector<std::uint8_t>> store_;
};

inline const cv::Rect2f middle(130, 90, 60, 70);
inline Actor standing() {
  return {.place = [](int) { return middle; }};
}

} // namespace deid::facedetect::test
