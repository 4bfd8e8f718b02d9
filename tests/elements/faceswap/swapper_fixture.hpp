#pragma once
#include "elements/faceswap/swapper.hpp"
#include "tests/elements/faceswap/colour_patch.hpp"
#include "tests/elements/faceswap/landmarkers.hpp"
#include "tests/elements/faceswap/said.hpp"
#include "tests/elements/faceswap/somebodies.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <atomic>
#include <gtest/gtest.h>
#include <mutex>

namespace deid::faceswap {

using test::at;

inline const cv::Size size(640, 360);
inline const cv::Rect2f here(60, 80, 120, 150), there(400, 80, 120, 150);
inline const cv::Scalar red(200, 60, 50), blue(60, 70, 190);
inline const Descriptor anna = at(10, .8), ben = at(11, .8);

/// The descriptor of one of fourteen further people.
inline cv::Scalar of_a_crowd(int number) {
  return {100, 110. + 10 * number, 90};
}

/// A describer for tests: a face of one flat colour is a person, and a face with texture is a result, whose
/// descriptor `result` gives.
class ByColour final : public Describer {
public:
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override {
    const std::lock_guard guard(lock_);
    ++calls;
    const ColourPatch colours = colour_patch(rgb, landmarks);
    const cv::Scalar& mean = colours.mean;
    if (colours.is_result()) {
      seen = rgb.clone();
      return result();
    }
    if (mean[1] > 100) // one of the further people
      return at(30 + static_cast<std::size_t>(std::lround((mean[1] - 110) / 10)), .8);
    return mean[0] > mean[2] ? anna : ben;
  }
  /// Sets what results look like, also while a run is going on in another thread.
  void answer(std::function<Descriptor()> with) {
    const std::lock_guard guard(lock_);
    result = std::move(with);
  }
  std::function<Descriptor()> result = [] { return at(20, 1); };
  std::atomic<int> calls = 0;
  cv::Mat seen{}; ///< the last result

private:
  std::mutex lock_{};
};

/// A second judge for tests: for originals it says one thing, and for results what `result` gives.
class ByTexture final : public SecondJudge {
public:
  static FaceFeatures axis(std::size_t number) {
    FaceFeatures features{};
    features.at(number) = 1;
    return features;
  }
  std::optional<FaceFeatures> describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override {
    ++calls;
    const ColourPatch colours = colour_patch(rgb, landmarks);
    const cv::Scalar& mean = colours.mean;
    return colours.is_result() ? result() : axis(mean[0] > mean[2] ? 0 : 1);
  }
  /// Nothing: the judge sees nothing.
  std::function<std::optional<FaceFeatures>()> result = [] { return axis(9); };
  int calls = 0;
};

class SwapperTest : public testing::Test {
protected:
  static Loaded loaded(const std::vector<Descriptor>& descriptors) {
    Loaded all;
    for (const Descriptor& descriptor : descriptors) {
      all.targets.push_back(test::nobody());
      all.targets.back().image = test::textured({96, 128}, static_cast<double>(all.targets.size()));
      all.targets.back().name = "nobody-" + std::to_string(all.targets.size());
      all.targets.back().descriptor = descriptor;
    }
    return all;
  }
  void begin(const Loaded& faces) {
    auto owned = std::make_unique<ByColour>();
    describer_ = owned.get();
    std::unique_ptr<Landmarker> landmarker;
    if (landmarker_)
      landmarker = std::make_unique<test::Borrowed>(*landmarker_);
    auto judge = two_judges_ ? std::make_unique<ByTexture>() : nullptr;
    second_ = judge.get();
    swapper_.emplace(
        faces, Networks{std::move(owned), std::move(judge), std::move(landmarker), std::move(hands_)}, true);
  }
  /// One frame with people of these colours at these places.
  struct Face {
    std::uint32_t id;
    cv::Rect2f box;
    cv::Scalar color;
    bool lost = false;              ///< held, without landmarks
    float loose = 1;                ///< size of its region, in sizes of its landmarks' box
    std::set<std::string> not_as{}; ///< targets that it does not get
  };
  Swapper::Done frame(const std::vector<Face>& people) {
    cv::Mat rgb(size, CV_8UC3, cv::Scalar(90, 90, 90));
    cover::Plan plan;
    for (const Face& face : people) {
      FaceRegion region =
          face.lost ? test::box_face(face.box, face.id) : test::mesh_face(face.box, 0, face.id);
      const cv::Size2f more = region.box.size() * (face.loose - 1);
      region.box = (region.box + more) - cv::Point2f(more.width / 2, more.height / 2);
      rgb(cv::Rect(face.box)).setTo(face.color);
      plan.faces.push_back(
          {region, cover::rasterize(region, cover::Shape::contour, .02F, size), false, face.not_as});
    }
    video::FrameView view = video::rgb_view(rgb);
    Swapper::Done done = swapper_->frame(view, plan, settings_);
    for (SwapEvent& event : done.events)
      events_.push_back(event);
    return done;
  }
  /// The audit's text for the first face.
  std::string done(const std::vector<Face>& people) { return said(frame(people).overlays.at(0)); }
  [[nodiscard]] int noted(SwapEvent::Kind kind) const {
    return static_cast<int>(
        std::count_if(events_.begin(), events_.end(), [kind](const SwapEvent& n) { return n.kind == kind; }));
  }
  static bool drawn(const cover::Overlay& overlay) {
    return !overlay.alpha.empty() && cv::countNonZero(overlay.alpha) > 0;
  }

  SwapSettings settings_{};
  ByColour* describer_ = nullptr;
  bool two_judges_ = false;                 ///< for begin()
  ByTexture* second_ = nullptr;             ///< null: one judge
  std::unique_ptr<HandFinder> hands_{};     ///< for begin()
  std::optional<test::Lower> landmarker_{}; ///< nothing: no landmarker runs on results
  std::optional<Swapper> swapper_{};
  std::vector<SwapEvent> events_{};
};

} // namespace deid::faceswap
