#include "elements/posedetect/hand_tracker.hpp"
#include "elements/posedetect/parts.hpp"
#include "elements/posedetect/tuning.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <cmath>

namespace deid::posedetect {

namespace {

/// Both hand networks, applied to the current frame.
class Networks final : public HandNetworks {
public:
  explicit Networks(const models::SessionOptions& options)
      : palms_(models::locate("palm_detection_full"), options),
        landmarks_(models::locate("hand_landmark_full"), options) {}

  void look_at(const video::FrameView& frame) { frame_ = &frame; }

  std::vector<models::PalmDetection> palms() override {
    const cv::Size whole = frame_->size();
    const double scale = std::min(1., static_cast<double>(models::PalmDetector::input_size) /
                                          std::max(whole.width, whole.height));
    const cv::Size size(std::max(1, static_cast<int>(std::lround(whole.width * scale))),
                        std::max(1, static_cast<int>(std::lround(whole.height * scale))));
    video::downscale_rgb(*frame_, size, image_);
    auto found = palms_.detect(image_, tuning::palm_score);
    const float x = static_cast<float>(whole.width) / static_cast<float>(size.width);
    const float y = static_cast<float>(whole.height) / static_cast<float>(size.height);
    for (models::PalmDetection& palm : found) {
      palm.box = {palm.box.x * x, palm.box.y * y, palm.box.width * x, palm.box.height * y};
      for (cv::Point2f& point : palm.keypoints)
        point = {point.x * x, point.y * y};
    }
    return found;
  }

  models::HandResult hand(const models::RotatedRoi& roi) override {
    constexpr int side = models::HandLandmarks::crop_size;
    const cv::Matx23f to_frame = models::crop_to_frame(roi, {side, side});
    return landmarks_.estimate(video::crop_rgb(*frame_, to_frame, {side, side}), to_frame);
  }

private:
  const video::FrameView* frame_ = nullptr;
  cv::Mat image_{};
  models::PalmDetector palms_;
  models::HandLandmarks landmarks_;
};

class HandsOfArms final : public HandFinder {
public:
  explicit HandsOfArms(const models::SessionOptions& options) : networks_(options) {
    description_ =
        models::described({}, "palm_detection_full") + " " + models::described({}, "hand_landmark_full");
  }

  void find(const video::FrameView& frame, std::int64_t, std::vector<Person>& people) override {
    networks_.look_at(frame);
    std::vector<Arm> all;
    for (const Person& person : people)
      std::ranges::copy(arms(person), std::back_inserter(all));
    for (TrackedHand& found : tracker_.update(networks_, all, frame.size())) {
      const auto owner = std::ranges::find(people, found.person, &Person::id);
      if (owner != people.end())
        owner->hands.push_back(std::move(found.hand));
    }
  }
  void reset() override { tracker_.reset(); }
  [[nodiscard]] std::string description() const override { return description_; }

private:
  std::string description_{};
  Networks networks_;
  HandTracker tracker_{};
};

} // namespace

std::unique_ptr<HandFinder> open_hand_finder(const models::SessionOptions& options) {
  return std::make_unique<HandsOfArms>(options);
}

} // namespace deid::posedetect
