#include "pipelines/deid/review/look.hpp"
#include "elements/facedetect/body_head.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include "elements/video/frame_view.hpp"
#include "models/centerface/centerface.hpp"
#include "models/manifest/manifest.hpp"
#include "models/movenet/movenet.hpp"
#include "pipelines/deid/review/frames.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::review {

using cli::Failure;

Fingerprint fingerprint_of(cv::Mat& gray) {
  video::FrameView view;
  view.width = gray.cols;
  view.height = gray.rows;
  view.planes[0] = {gray.data, static_cast<std::ptrdiff_t>(gray.step)};
  view.full_range = true;
  return fingerprint(view);
}

namespace {

cv::Size multiple_of_32(cv::Size size) {
  return {std::max(32, (size.width + 31) / 32 * 32), std::max(32, (size.height + 31) / 32 * 32)};
}

struct Seen {
  Find::Kind kind;
  cv::Rect2d box;
  double score;
  std::optional<int> person{};
};

/// Joins what is seen in several frames to finds.
class Finds {
public:
  void add(int frame, const Seen& seen) {
    for (std::size_t i = finds_.size(); i-- > 0;) {
      Find& open = finds_[i];
      if (open.kind == seen.kind && frame - open.last <= tuning::look_join && open.person == seen.person &&
          (last_[i] & seen.box).area() > .2 * std::min(last_[i].area(), seen.box.area())) {
        open.last = frame;
        open.score = std::max(open.score, seen.score);
        open.box |= seen.box; // who looks at this place sees it in all its frames
        last_[i] = seen.box;
        return;
      }
    }
    finds_.push_back({seen.kind, frame, frame, seen.score, seen.box, seen.person});
    last_.push_back(seen.box);
  }
  std::vector<Find> take() { return std::move(finds_); }

private:
  std::vector<Find> finds_{};
  std::vector<cv::Rect2d> last_{}; ///< where each was seen last
};

/// The detectors, on one size of picture.
class Searchers {
public:
  explicit Searchers(cv::Size video) {
    scale_ = std::min(1., static_cast<double>(tuning::look_side) / std::max(video.width, video.height));
    reduced_ = {static_cast<int>(std::lround(video.width * scale_)),
                static_cast<int>(std::lround(video.height * scale_))};
    const cv::Size input = multiple_of_32(reduced_);
    faces_.emplace(models::locate("centerface"), input, models::SessionOptions{});
    bodies_.emplace(models::locate("movenet_lightning_graph"), models::locate("movenet_lightning"), input,
                    models::SessionOptions{});
  }

  /// number: of the search; it decides how the picture is turned and what is searched.
  std::vector<Seen> search(const cv::Mat& rgb, int number) {
    cv::Mat small;
    cv::resize(rgb, small, reduced_, 0, 0, cv::INTER_AREA);
    std::vector<Seen> seen;
    upright_faces(small, number % 2 == 1, seen);
    if (number % tuning::turned_every == tuning::turned_every - 1)
      turned_faces(small, (number / tuning::turned_every) % 2 == 0 ? 35 : -35, seen);
    if (number % tuning::heads_every == 0)
      heads(small, seen);
    for (Seen& one : seen)
      one.box = {one.box.x / scale_, one.box.y / scale_, one.box.width / scale_, one.box.height / scale_};
    return seen;
  }

private:
  void upright_faces(const cv::Mat& small, bool mirrored, std::vector<Seen>& seen) {
    cv::Mat picture; // a header of its own: flipping into a copy of small's header would flip small, too
    if (mirrored)
      cv::flip(small, picture, 1);
    else
      picture = small;
    for (const models::FaceDetection& face : faces_->detect(picture, tuning::look_score)) {
      cv::Rect2d box(face.box);
      if (mirrored)
        box.x = small.cols - box.x - box.width;
      seen.push_back({Find::Kind::face, box, static_cast<double>(face.score)});
    }
  }

  void turned_faces(const cv::Mat& small, double degrees, std::vector<Seen>& seen) {
    const cv::Point2f middle(static_cast<float>(small.cols) / 2, static_cast<float>(small.rows) / 2);
    const cv::Mat turn = cv::getRotationMatrix2D(middle, degrees, .85);
    cv::Mat picture, back;
    cv::warpAffine(small, picture, turn, small.size());
    cv::invertAffineTransform(turn, back);
    for (const models::FaceDetection& face : faces_->detect(picture, tuning::look_score + .1F)) {
      const cv::Point2d c(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
      const cv::Matx23d m(back);
      const cv::Point2d centre(m(0, 0) * c.x + m(0, 1) * c.y + m(0, 2),
                               m(1, 0) * c.x + m(1, 1) * c.y + m(1, 2));
      const cv::Size2d size(face.box.width / .85, face.box.height / .85);
      seen.push_back({Find::Kind::face,
                      {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height},
                      static_cast<double>(face.score)});
    }
  }

  void heads(const cv::Mat& small, std::vector<Seen>& seen) {
    const cv::Size input = bodies_->input();
    const float cell =
        models::MoveNet::stride * std::max(static_cast<float>(small.cols) / static_cast<float>(input.width),
                                           static_cast<float>(small.rows) / static_cast<float>(input.height));
    for (const models::Body& body : bodies_->detect(small, .3F))
      if (const auto head = facedetect::head_of(body, cell); head && !head->away)
        seen.push_back({Find::Kind::head, cv::Rect2d(head->box), static_cast<double>(head->score)});
  }

  double scale_ = 1;
  cv::Size reduced_{};
  std::optional<models::CenterFace> faces_{};
  std::optional<models::MoveNet> bodies_{};
};

/// Whether covers of the audit hold a good part of a find.
bool is_covered(const Seen& seen, const KnownFrame& frame) {
  if (frame.covered)
    return true;
  const cv::Point2d centre(seen.box.x + seen.box.width / 2, seen.box.y + seen.box.height / 2);
  return std::ranges::any_of(frame.faces, [&](const KnownFace& face) {
    return face.outcome.treatment != Treatment::none &&
           (face.box.contains(centre) || (face.box & seen.box).area() > tuning::inside * seen.box.area());
  });
}

/// What is open under the audit's covers.
void compare_covers(int index, const KnownFrame& frame, const cv::Mat& original, const cv::Mat& result,
                    Finds& finds) {
  for (const KnownFace& face : frame.faces)
    if (face.outcome.treatment != Treatment::none)
      if (const auto alike = review::same_detail(original, result, face.box);
          alike && *alike > tuning::same_detail)
        finds.add(index, {Find::Kind::open, face.box, *alike, static_cast<int>(face.id)});
}

} // namespace

std::optional<double> same_detail(const cv::Mat& original, const cv::Mat& result, const cv::Rect2d& box) {
  const cv::Rect2d inner(box.x + .2 * box.width, box.y + .2 * box.height, .6 * box.width, .6 * box.height);
  const cv::Rect part =
      cv::Rect(
          cv::Point(static_cast<int>(std::floor(inner.x)), static_cast<int>(std::floor(inner.y))),
          cv::Size(static_cast<int>(std::ceil(inner.width)), static_cast<int>(std::ceil(inner.height)))) &
      cv::Rect({}, original.size());
  if (part.width < 6 || part.height < 6)
    return std::nullopt;
  const int kernel = std::max(3, static_cast<int>(std::lround(part.width / 6.)) | 1);
  const auto details = [&](const cv::Mat& picture) {
    cv::Mat sharp, smooth;
    picture(part).convertTo(sharp, CV_32F);
    cv::blur(sharp, smooth, {kernel, kernel}, {-1, -1}, cv::BORDER_REFLECT);
    return cv::Mat(sharp - smooth);
  };
  const cv::Mat a = details(original), b = details(result);
  cv::Scalar mean, spread;
  cv::meanStdDev(a, mean, spread);
  if (spread[0] < tuning::least_detail)
    return std::nullopt;
  const double lengths = cv::norm(a) * cv::norm(b);
  return lengths > 0 ? a.dot(b) / lengths : 0;
}

namespace {

void require_one_film(int frames, const Frames& original, const Frames& result) {
  if (original.count() != frames || result.count() != frames)
    throw Failure("Original, result and audit have different numbers of frames (" +
                  std::to_string(original.count()) + ", " + std::to_string(result.count()) + ", " +
                  std::to_string(frames) + "). They do not belong together.");
}

/// Returns the frames from one search for faces to the next.
int search_period(const Frames& result) {
  const auto [n, d] = result.rate();
  return std::max(
      1, n > 0 ? static_cast<int>(std::lround(static_cast<double>(n) / d / tuning::looks_a_second)) : 2);
}

/// Whether a face that was seen in the result is the original's: nothing covers it, or the cover shows it.
bool is_open_face(const Seen& seen, const KnownFrame& frame, const cv::Mat& before, const cv::Mat& after) {
  return !is_covered(seen, frame) &&
         review::same_detail(before, after, seen.box).value_or(1) > tuning::same_detail;
}

} // namespace

Looked look(const std::filesystem::path& original_file, const std::filesystem::path& result_file,
            const Audited& audited, const std::function<bool(double)>& progress) {
  Frames original(original_file), result(result_file);
  const int frames = static_cast<int>(audited.frames.size());
  require_one_film(frames, original, result);
  const int every = search_period(result);
  Searchers searchers(result.size());
  SceneCutDetector cuts;
  Looked looked;
  Finds finds;
  for (int i = 0; i < frames; ++i) {
    const KnownFrame& frame = audited.frames[static_cast<std::size_t>(i)];
    cv::Mat before = original.gray(i);
    if (cuts.update(fingerprint_of(before)).cut && i > 0)
      looked.cuts.push_back(i);
    const cv::Mat after = result.gray(i);
    compare_covers(i, frame, before, after, finds);
    if (i % every == 0)
      for (const Seen& seen : searchers.search(result.rgb(i), i / every))
        if (is_open_face(seen, frame, before, after))
          finds.add(i, seen);
    if (progress && !progress(static_cast<double>(i) / frames))
      throw Failure("The second look was stopped.");
  }
  looked.finds = finds.take();
  return looked;
}

} // namespace deid::review
