#include "elements/facedetect/network_finder.hpp"
#include "elements/facedetect/body_head.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/head_watch.hpp"
#include "elements/facedetect/sweep_planner.hpp"
#include "elements/facedetect/tuning.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::facedetect {

namespace {
// Areas and sides of the networks' inputs, px. Greater: smaller faces are found, at the cost of the area.
constexpr int fine_pixels = 640 * 480, quick_pixels = 512 * 384;
constexpr int body_pixels = 320 * 192, fine_body_pixels = 544 * 320;
constexpr int near_side = 128, far_side = 192; // long side of BlazeFace's pictures (short, full range)
constexpr int near_crop = 128;                 // BlazeFace's own input
constexpr int close_crop = 160;                // CenterFace in a close look
// The networks take sides in multiples of side_unit. A rest of less than rounded_down units is dropped.
constexpr int side_unit = 32, least_side = 64, most_side = 1280; // px
constexpr double rounded_down = 0.1;
constexpr float quarter = 1.57079633F; // turn, radians

// Fills empty paths from the manifest, which checks the hash.
NetworkFiles named(const NetworkFiles& given) {
  return {models::given_or_weight(given.short_range, "face_detection_short_range"),
          models::given_or_weight(given.full_range, "face_detection_full_range_sparse"),
          models::given_or_weight(given.centerface, "centerface"),
          models::given_or_weight(given.mesh, "face_landmark"),
          models::given_or_weight(given.body_graph, "movenet_lightning_graph"),
          models::given_or_weight(given.body, "movenet_lightning")};
}

std::string describe(const NetworkFiles& files) {
  using models::described;
  return described(files.short_range, "face_detection_short_range") + " " +
         described(files.full_range, "face_detection_full_range_sparse") + " " +
         described(files.centerface, "centerface") + " " + described(files.mesh, "face_landmark") + " " +
         described(files.body, "movenet_lightning");
}

// Returns the tilt of the eye line, radians. In profile the eyes are too close for a tilt; it returns 0 then.
float eye_line(const models::FaceDetection& face) {
  const cv::Point2f line = face.keypoints[1] - face.keypoints[0];
  return std::hypot(line.x, line.y) < tuning::eyes_apart * face.box.width ? 0.F : std::atan2(line.y, line.x);
}

/// to_frame: maps px of the detector's picture to frame px.
template <class Map> Features features_of(const models::FaceDetection& face, const Map& to_frame) {
  return {to_frame((face.keypoints[0] + face.keypoints[1]) / 2), to_frame(face.keypoints[3])};
}

cv::Size fit(cv::Size size, int long_side) {
  const double scale = std::min(1.0, static_cast<double>(long_side) / std::max(size.width, size.height));
  return {std::max(1, static_cast<int>(std::lround(size.width * scale))),
          std::max(1, static_cast<int>(std::lround(size.height * scale)))};
}

// Maps a point of the rotated picture to the unrotated one. size: of the unrotated picture.
cv::Point2f turn_back(cv::Point2f p, Turn turn, cv::Size2f size) {
  switch (turn) {
  case Turn::clockwise:
    return {p.y, size.height - p.x};
  case Turn::counter_clockwise:
    return {size.width - p.y, p.x};
  case Turn::half:
    return {size.width - p.x, size.height - p.y};
  case Turn::none:
    break;
  }
  return p;
}

cv::Rect2f turn_back(const cv::Rect2f& box, Turn turn, cv::Size2f size) {
  const cv::Point2f a = turn_back(box.tl(), turn, size);
  const cv::Point2f b = turn_back(box.br(), turn, size);
  return {cv::Point2f(std::min(a.x, b.x), std::min(a.y, b.y)),
          cv::Point2f(std::max(a.x, b.x), std::max(a.y, b.y))};
}

float roll_of_turn(Turn turn) {
  switch (turn) {
  case Turn::clockwise:
    return -quarter;
  case Turn::counter_clockwise:
    return quarter;
  case Turn::half:
    return 2 * quarter;
  case Turn::none:
    break;
  }
  return 0.F;
}

cv::Mat turned(const cv::Mat& image, Turn turn) {
  cv::Mat out;
  switch (turn) {
  case Turn::clockwise:
    cv::rotate(image, out, cv::ROTATE_90_CLOCKWISE);
    return out;
  case Turn::counter_clockwise:
    cv::rotate(image, out, cv::ROTATE_90_COUNTERCLOCKWISE);
    return out;
  case Turn::half:
    cv::rotate(image, out, cv::ROTATE_180);
    return out;
  case Turn::none:
    break;
  }
  return image;
}

// Returns the axis-aligned bounding box of a box that is rotated by `roll`.
cv::Rect2f upright(cv::Point2f middle, cv::Size2f size, float roll) {
  const float c = std::abs(std::cos(roll)), s = std::abs(std::sin(roll));
  const float w = size.width * c + size.height * s, h = size.width * s + size.height * c;
  return {middle.x - w / 2, middle.y - h / 2, w, h};
}

/// Raises the contrast locally (CLAHE).
cv::Mat brightened(const cv::Mat& rgb) {
  const cv::Size parts(tuning::brightened_parts, tuning::brightened_parts);
  cv::Mat lab, lightness, out;
  cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
  cv::extractChannel(lab, lightness, 0);
  cv::createCLAHE(tuning::brightened_most, parts)->apply(lightness, lightness);
  cv::insertChannel(lightness, lab, 0);
  cv::cvtColor(lab, out, cv::COLOR_Lab2RGB);
  return out;
}

cv::Mat area_image(const video::FrameView& frame, const cv::Rect& area, cv::Size size, cv::Mat& whole) {
  if (area.size() == frame.size()) {
    video::downscale_rgb(frame, size, whole);
    return whole;
  }
  const models::RotatedRoi roi{{static_cast<float>(area.x) + static_cast<float>(area.width) / 2.F,
                                static_cast<float>(area.y) + static_cast<float>(area.height) / 2.F},
                               {static_cast<float>(area.width), static_cast<float>(area.height)},
                               0.F};
  return video::crop_rgb(frame, models::crop_to_frame(roi, size), size);
}

/// Returns the side of a network's input, px. units: of side_unit px; a whole number.
int input_side(double units) {
  return std::clamp(static_cast<int>(units) * side_unit, least_side, most_side);
}
} // namespace

cv::Size sweep_input(cv::Size frame, Sight sight) {
  const int pixels = sight == Sight::quick ? quick_pixels : fine_pixels;
  const double scale =
      std::min(tuning::sweep_enlarged, std::sqrt(static_cast<double>(pixels) / std::max(1, frame.area())));
  // Rounded up, so that rounding alone does not shrink a frame of a usual size.
  const auto side = [scale](int length) {
    return input_side(std::ceil(length * scale / side_unit - rounded_down));
  };
  return {side(frame.width), side(frame.height)};
}

cv::Size body_input(cv::Size frame, Sight sight) {
  const int pixels = sight == Sight::fine ? fine_body_pixels : body_pixels;
  const double scale =
      std::min(tuning::sweep_enlarged, std::sqrt(static_cast<double>(pixels) / std::max(1, frame.area())));
  const auto side = [scale](int length) { return input_side(std::round(length * scale / side_unit)); };
  return {side(frame.width), side(frame.height)};
}

cv::Rect2f widen_blazeface(const models::FaceDetection& detection) {
  const cv::Rect2f& b = detection.box;
  return {b.x, b.y - tuning::blazeface_rise * b.height, b.width, tuning::blazeface_height * b.height};
}

cv::Rect2f widen_centerface(const models::FaceDetection& detection) {
  const cv::Rect2f& b = detection.box;
  return scaled(b, tuning::centerface_growth);
}

NetworkFinder::NetworkFinder(const NetworkFiles& files, const models::SessionOptions& options)
    : description_(describe(files)), files_(named(files)), options_(options),
      near_(files_.short_range, models::BlazeFace::Range::short_range, options_),
      mesh_(files_.mesh, {.threads = options.threads, .device = options.device}) {}

models::BlazeFace& NetworkFinder::far() {
  return far_ ? *far_ : far_.emplace(files_.full_range, models::BlazeFace::Range::full_range, options_);
}

models::CenterFace& NetworkFinder::close() {
  return close_ ? *close_ : close_.emplace(files_.centerface, cv::Size(close_crop, close_crop), options_);
}

std::shared_ptr<models::CenterFace::Network> NetworkFinder::sweeps() {
  if (!sweeps_)
    sweeps_ = models::CenterFace::network(files_.centerface, options_);
  return sweeps_;
}

models::CenterFace& NetworkFinder::window() {
  return window_ ? *window_ : window_.emplace(sweeps(), cv::Size(window_input, window_input));
}

models::CenterFace& NetworkFinder::turned_fine() {
  const cv::Size input(fine_->input().height, fine_->input().width);
  if (!turned_fine_ || turned_fine_->input() != input)
    turned_fine_.emplace(sweeps(), input);
  return *turned_fine_;
}

void NetworkFinder::prepare(cv::Size frame, Pace pace) {
  const auto compile = [&](std::optional<models::CenterFace>& network, Sight sight) {
    const cv::Size input = sweep_input(frame, sight);
    if (!network || network->input() != input)
      network.emplace(sweeps(), input);
  };
  compile(fine_, Sight::fine);
  bodies_.clear();
  if (pace == Pace::live)
    compile(quick_, Sight::quick);
  glance_far_ = pace == Pace::live;
  if (pace == Pace::live) {
    far();
    close();
    window();
  }
}

models::MoveNet& NetworkFinder::body_network(cv::Size input) {
  const auto known = std::ranges::find(bodies_, input, &models::MoveNet::input);
  return known != bodies_.end() ? *known
                                : bodies_.emplace_back(files_.body_graph, files_.body, input, options_);
}

std::vector<Head> NetworkFinder::heads(const video::FrameView& frame, Turn turn, Sight sight) {
  const models::Stopwatch watch(cost_.heads);
  const bool quarter_turn = turn == Turn::clockwise || turn == Turn::counter_clockwise;
  // Only stills justify the compilation of a network with transposed input.
  const auto transposed = [](cv::Size s) { return cv::Size(s.height, s.width); };
  cv::Size input = body_input(frame.size(), sight);
  if (quarter_turn && sight == Sight::fine)
    input = transposed(input);
  const cv::Size room = quarter_turn ? transposed(input) : input; // of the picture before rotation
  const double scale = std::min(
      {1.0, static_cast<double>(room.width) / frame.width, static_cast<double>(room.height) / frame.height});
  const cv::Size size(std::max(1, static_cast<int>(frame.width * scale)),
                      std::max(1, static_cast<int>(frame.height * scale)));
  video::downscale_rgb(frame, size, heads_image_);
  const float unit_x = static_cast<float>(frame.width) / static_cast<float>(size.width);
  const float unit_y = static_cast<float>(frame.height) / static_cast<float>(size.height);
  const cv::Mat picture = turned(heads_image_, turn);
  const float cell =
      models::MoveNet::stride * std::max(static_cast<float>(picture.cols) / static_cast<float>(input.width),
                                         static_cast<float>(picture.rows) / static_cast<float>(input.height));
  std::vector<Head> seen;
  for (const models::Body& body : body_network(input).detect(picture, tuning::body_score))
    if (auto head = head_of(body, cell);
        head && (turn == Turn::none || head->score >= tuning::turned_score)) {
      const cv::Rect2f b = turn_back(head->box, turn, size);
      head->box = {b.x * unit_x, b.y * unit_y, b.width * unit_x, b.height * unit_y};
      seen.push_back(*head);
    }
  return without_doubles(std::move(seen));
}

std::vector<Sighting> NetworkFinder::glance(const video::FrameView& frame, float threshold) {
  const models::Stopwatch watch(cost_.glance);
  // Live, BlazeFace's two ranges alternate: one for near, one for distant faces. With a lookahead, sweeps
  // find distant faces early enough.
  far_turn_ = glance_far_ && !far_turn_;
  const cv::Size size = fit(frame.size(), far_turn_ ? far_side : near_side);
  // Two source rows per row of the thumbnail are enough.
  const int thin = std::max(1, frame.height / (2 * size.height));
  video::downscale_rgb(video::every_kth_row(frame, thin), size, glance_image_);
  const float scale_x = static_cast<float>(frame.width) / static_cast<float>(size.width);
  const float scale_y = static_cast<float>(frame.height) / static_cast<float>(size.height);
  std::vector<Sighting> seen;
  for (const auto& face : (far_turn_ ? far() : near_).detect(glance_image_, threshold)) {
    const cv::Rect2f b = widen_blazeface(face);
    seen.push_back(
        {{b.x * scale_x, b.y * scale_y, b.width * scale_x, b.height * scale_y},
         face.score,
         eye_line(face),
         false,
         features_of(face, [&](cv::Point2f p) { return cv::Point2f(p.x * scale_x, p.y * scale_y); })});
  }
  return seen;
}

models::CenterFace& NetworkFinder::network_for(const SweepJob& job) {
  if (job.sight == Sight::window)
    return window();
  if (job.sight == Sight::fine && (job.turn == Turn::clockwise || job.turn == Turn::counter_clockwise))
    return turned_fine();
  return job.sight == Sight::quick && quick_ ? *quick_ : *fine_;
}

std::vector<Sighting> NetworkFinder::sweep(const video::FrameView& frame, const SweepJob& job,
                                           float threshold) {
  const models::Stopwatch watch(cost_.sweep);
  models::CenterFace& network = network_for(job);
  cv::Size input = network.input();
  if (job.turn == Turn::clockwise || job.turn == Turn::counter_clockwise)
    std::swap(input.width, input.height); // the picture is scaled before rotation
  const double scale = std::min({1.0, static_cast<double>(input.width) / job.area.width,
                                 static_cast<double>(input.height) / job.area.height});
  const cv::Size size(std::max(1, static_cast<int>(job.area.width * scale)),
                      std::max(1, static_cast<int>(job.area.height * scale)));
  cv::Mat image = area_image(frame, job.area, size, sweep_image_);
  if (job.brightened)
    image = brightened(image);
  const float unit_x = static_cast<float>(job.area.width) / static_cast<float>(size.width);
  const float unit_y = static_cast<float>(job.area.height) / static_cast<float>(size.height);
  std::vector<Sighting> seen;
  for (const auto& face : network.detect(turned(image, job.turn), threshold)) {
    const cv::Rect2f b = turn_back(widen_centerface(face), job.turn, size);
    const auto to_frame = [&](cv::Point2f p) {
      const cv::Point2f q = turn_back(p, job.turn, size);
      return cv::Point2f(q.x * unit_x + static_cast<float>(job.area.x),
                         q.y * unit_y + static_cast<float>(job.area.y));
    };
    seen.push_back({{b.x * unit_x + static_cast<float>(job.area.x),
                     b.y * unit_y + static_cast<float>(job.area.y), b.width * unit_x, b.height * unit_y},
                    face.score,
                    roll_of_turn(job.turn) + eye_line(face),
                    true,
                    features_of(face, to_frame)});
  }
  return seen;
}

std::optional<Sighting> NetworkFinder::look(const video::FrameView& frame, const cv::Rect2f& box, float roll,
                                            float threshold, bool strong) {
  const models::Stopwatch watch(cost_.look);
  const float side = std::max(tuning::close_look_smallest, face_size(box)) *
                     (strong ? tuning::close_view : tuning::near_view);
  const int crop = strong ? close_crop : near_crop;
  const models::RotatedRoi roi{center(box), {side, side}, roll};
  const cv::Matx23f to_frame = models::crop_to_frame(roi, {crop, crop});
  const cv::Mat image = video::crop_rgb(frame, to_frame, {crop, crop});
  const float unit = side / static_cast<float>(crop);
  std::optional<Sighting> best;
  float best_rank = -1.F;
  for (const auto& face : strong ? close().detect(image, threshold) : near_.detect(image, threshold)) {
    const cv::Rect2f local = strong ? widen_centerface(face) : widen_blazeface(face);
    const cv::Rect2f found = upright(models::transform(to_frame, center(local)), local.size() * unit, roll);
    const cv::Point2f off = center(found) - center(box);
    const float rank = face.score - std::hypot(off.x, off.y) / side;
    if (rank > best_rank) {
      best_rank = rank;
      best = Sighting{found, face.score, roll + eye_line(face), strong,
                      features_of(face, [&](cv::Point2f p) { return models::transform(to_frame, p); })};
    }
  }
  return best;
}

models::FaceMeshResult NetworkFinder::mesh(const video::FrameView& frame, const models::RotatedRoi& roi) {
  const models::Stopwatch watch(cost_.mesh);
  const cv::Size size(models::FaceMesh::crop_size, models::FaceMesh::crop_size);
  const cv::Matx23f to_frame = models::crop_to_frame(roi, size);
  return mesh_.estimate(video::crop_rgb(frame, to_frame, size), to_frame);
}

} // namespace deid::facedetect
