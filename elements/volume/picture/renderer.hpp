#pragma once
#include "elements/volume/grid/field.hpp"
#include <cstdint>
#include <vector>

/// Pictures of a head's surface, as somebody would make them who wants to know whose head it is. Plain C++.
namespace deid::volumerender {

enum class Surface : std::uint8_t {
  filled, ///< the outside of the head: holes, mouth and sinuses are filled
  bright  ///< every place that is brighter than the threshold
};

struct RenderSettings {
  int width = 432, height = 480; ///< [px], each at least 16
  Surface surface = Surface::filled;
  double threshold = 0; ///< value at the surface; 0: .45 of Otsu's value above the darkest
  double detail = 1.0;  ///< [mm] of a cell, .5..4
};

/// Where the head is seen from [degrees]. yaw 0, pitch 0: from the front. yaw 90: from the person's left
/// side. pitch 90: from above.
struct View {
  double yaw = 0, pitch = 0;
};

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey{}; ///< row by row from the top, 0 where nothing is hit
};

/// The head cannot be drawn. what() is a sentence.
class RenderError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// One head in one light. Every view has the same scale: the whole head fits from every side. Threads: any,
/// after construction.
class Renderer {
public:
  /// Throws RenderError when nothing stands out from the background.
  Renderer(const volume::Sampler& head, const RenderSettings& settings);
  /// The head is where `solid` is greater than `limit`; surface, threshold and detail of the settings are not
  /// read. Throws RenderError when there is no such place.
  Renderer(volume::Field solid, float limit, const RenderSettings& settings);
  /// Every view is centred about this place, and this far from it is in the picture [mm]: pictures of two
  /// heads then have one scale.
  void aim(const volume::Point& centre, double radius);

  /// Rays run in parallel. The first place where the surface is crossed is shaded by the slope of the depth.
  [[nodiscard]] Picture render(const View& view) const;
  /// [mm] from the plane through the head's centre to the surface, towards the viewer; NaN where nothing is
  /// hit. Rows as in Picture.
  [[nodiscard]] std::vector<float> depths(const View& view) const;
  [[nodiscard]] double millimetres_a_pixel() const { return scale_; }

private:
  struct Frame;
  void measure(const volume::Mask& mask);
  [[nodiscard]] Frame frame_of(const View& view) const;
  [[nodiscard]] float depth(const Frame& frame, double u, double v) const;
  void find_blocks();
  [[nodiscard]] bool empty(const volume::Point& at) const; ///< no surface near by

  RenderSettings settings_;
  volume::Field field_{};
  volume::Field blocks_{}; ///< of coarse cells: 1 where the surface may be
  float limit_ = 0, outside_ = 0;
  volume::Point centre_{};
  double radius_ = 0, scale_ = 1; ///< [mm]
};

} // namespace deid::volumerender
