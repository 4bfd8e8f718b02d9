#include "pipelines/deid/train/extract.hpp"
#include "elements/video/frame_view.hpp"
#include "models/autoencoder/alignment.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/manifest/manifest.hpp"
#include "models/training/durable_file.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/deid/train/face_stream.hpp"
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/stat.h>

namespace deid::cli {

namespace fs = std::filesystem;
namespace ae = models::autoencoder;
using training::Account;
using training::Face;
using training::FaceSet;

namespace {

constexpr float smallest = 40;      // px, height of a face's box
constexpr float most_turned = 60;   // degrees of yaw
constexpr double most_outside = .1; // share of the aligned square beyond the picture
constexpr double most_misfit = .1;  // sides of the mean face's square; faces from in front have .02 to .05

std::vector<training::Clip> described(const std::vector<fs::path>& clips) {
  std::vector<training::Clip> all;
  for (const fs::path& clip : clips) {
    struct stat about {};
    if (stat(clip.c_str(), &about) != 0)
      throw Failure(clip.string() + ": there is no such file.");
    all.push_back({clip.filename().string(), static_cast<std::uint64_t>(about.st_size),
                   about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec});
  }
  return all;
}

/// Returns the matrix from px of the stored crop to px of the frame. The crop has a margin around the aligned
/// square.
cv::Matx23f stored_to_frame(const std::vector<cv::Point3f>& landmarks, double coverage) {
  cv::Matx23f m = ae::aligned(landmarks, training::core_size, coverage);
  for (int row = 0; row < 2; ++row)
    m(row, 2) -= static_cast<float>(training::margin) * (m(row, 0) + m(row, 1));
  return m;
}

/// Whether a tenth or more of the aligned square lies outside the frame.
bool is_cut(const cv::Matx23f& to_frame, cv::Size frame) {
  constexpr int steps = 16;
  int outside = 0;
  for (int y = 0; y < steps; ++y)
    for (int x = 0; x < steps; ++x) {
      const auto place = [](int i) {
        return training::margin + (static_cast<float>(i) + .5F) * training::core_size / steps;
      };
      const cv::Vec2f at = to_frame * cv::Vec3f(place(x), place(y), 1);
      outside += at[0] < 0 || at[1] < 0 || at[0] >= static_cast<float>(frame.width) ||
                 at[1] >= static_cast<float>(frame.height);
    }
  return outside > most_outside * steps * steps;
}

/// Searches one clip after the other and keeps the faces that can be trained on.
class Extractor {
public:
  explicit Extractor(double coverage) : descriptor_(models::locate("face_descriptor")), coverage_(coverage) {}

  void look_at(const fs::path& clip, std::uint32_t index, bool quiet) {
    Progress progress(clip.filename().string(), quiet);
    std::uint64_t frames = 0;
    each_face_frame(clip, [&](const FacesOfFrame& frame) {
      ++account.frames;
      progress.update(++frames, frame.pts, frame.duration);
      for (const FaceRegion& region : frame.faces.faces) {
        ++account.seen;
        add(frame, region, index);
      }
    });
    progress.clear();
  }

  Account account{};
  std::vector<Face> faces{};

private:
  /// Returns the counter for a face's fault, found before its pixels are used, or null.
  std::size_t* fault(const FaceRegion& region, const cv::Matx23f* to_frame, cv::Size frame) {
    if (region.landmarks.size() != training::point_count || region.origin == Origin::backfilled ||
        region.origin == Origin::held || ae::misfit(region.landmarks) > most_misfit)
      return &account.unsure;
    if (region.box.height < smallest)
      return &account.small;
    if (std::abs(region.pose.yaw) > most_turned)
      return &account.turned;
    return to_frame != nullptr && is_cut(*to_frame, frame) ? &account.cut : nullptr;
  }

  void add(const FacesOfFrame& frame, const FaceRegion& region, std::uint32_t clip) {
    std::size_t* counter = fault(region, nullptr, {});
    // a track's first mesh is not refined at its own place yet, and may lie beside the face
    if (met_.emplace(clip, region.id).second && counter == nullptr)
      counter = &account.unsure;
    if (counter != nullptr) {
      ++*counter;
      return;
    }
    const cv::Matx23f to_frame = stored_to_frame(region.landmarks, coverage_);
    counter = fault(region, &to_frame, frame.view.size());
    if (counter != nullptr) {
      ++*counter;
      return;
    }
    const cv::Size size(training::stored_size, training::stored_size);
    Face face{.crop = video::crop_rgb(frame.view, to_frame, size)};
    if (duplicates_.is_like_before(face.crop, clip, region.id)) {
      ++account.near_duplicates;
      return;
    }
    face.points = ae::in_crop(region.landmarks, to_frame);
    face.pts = frame.pts;
    face.clip = clip;
    face.track = region.id;
    face.pose = {region.pose.yaw, region.pose.pitch, region.pose.roll};
    face.sharpness = training::sharpness(face.crop);
    face.descriptor = describe(frame, region);
    faces.push_back(std::move(face));
  }

  /// Describes the face from the frame's pixels, with a margin for the whole chip.
  training::Descriptor describe(const FacesOfFrame& frame, const FaceRegion& region) {
    constexpr float most = 400; // px; larger faces are scaled down
    const float side = 2.4F * std::max(region.box.width, region.box.height);
    const float scale = std::max(1.F, side / most);
    const cv::Point2f corner = (region.box.tl() + region.box.br()) / 2 - cv::Point2f(side, side) / 2;
    const cv::Matx23f to_frame(scale, 0, corner.x, 0, scale, corner.y);
    const int px = static_cast<int>(side / scale);
    const cv::Mat rgb = video::crop_rgb(frame.view, to_frame, {px, px});
    models::FaceMeshResult mesh{.landmarks = region.landmarks, .presence = 1};
    for (cv::Point3f& p : mesh.landmarks)
      p = {(p.x - corner.x) / scale, (p.y - corner.y) / scale, p.z / scale};
    return descriptor_.describe(models::face_chip(rgb, models::chip_points(mesh)));
  }

  models::FaceDescriptor descriptor_;
  training::DuplicateFilter duplicates_{};
  std::set<training::Track> met_{};
  double coverage_;
};

nlohmann::json as_json(const Account& a) {
  return {{"frames", a.frames},     {"faces", a.seen},      {"kept", a.kept},
          {"held_out", a.held_out}, {"unsure", a.unsure},   {"small", a.small},
          {"cut", a.cut},           {"turned", a.turned},   {"blurred", a.blurred},
          {"others", a.others},     {"thinned", a.thinned}, {"near_duplicates", a.near_duplicates}};
}

bool from_cache(const Extraction& what, const std::vector<training::Clip>& clips, FaceSet& set) {
  std::error_code ec;
  if (!fs::exists(what.cache, ec))
    return false;
  try {
    set = training::read_faces(what.cache);
  } catch (const training::FileError& e) {
    std::fprintf(stderr, "note: %s It is made again.\n", e.what());
    return false;
  }
  return set.clips == clips && set.coverage == what.coverage;
}

} // namespace

std::string account_line(const std::string& side, const Account& a) {
  std::string line = side;
  line.append(": ").append(std::to_string(a.seen)).append(" faces in ").append(std::to_string(a.frames));
  line.append(" frames; ").append(std::to_string(a.kept)).append(" kept, ");
  line.append(std::to_string(a.held_out)).append(" of them held out for the report; left out:");
  const std::size_t before = line.size();
  const auto add = [&](std::size_t count, const char* why) {
    if (count > 0)
      line.append(line.size() == before ? " " : ", ").append(std::to_string(count)).append(" ").append(why);
  };
  add(a.near_duplicates, "like the one before");
  add(a.unsure, "not sure");
  add(a.small, "too small");
  add(a.cut, "cut off by the edge");
  add(a.turned, "from the side");
  add(a.blurred, "blurred");
  add(a.others, "of another person");
  add(a.thinned, "from frequent poses");
  return line.append(line.size() == before ? " none." : ".");
}

FaceSet extract_faces(const Extraction& what) {
  FaceSet set;
  const std::vector<training::Clip> clips = described(what.clips);
  if (from_cache(what, clips, set)) {
    if (!what.quiet)
      std::fprintf(stderr, "%s: %zu faces from %s\n", what.rule.side.c_str(), set.faces.size(),
                   what.cache.c_str());
    return set;
  }
  // before the first clip, so that a bad last one does not fail after an hour
  for (const fs::path& clip : what.clips) {
    inspect(clip);
    if (const Film film = read_film(clip); !film.damage.empty() && !what.quiet)
      std::fprintf(stderr, "note: %s: %s\n", clip.c_str(), film.damage.c_str());
  }
  Extractor extractor(what.coverage);
  for (std::size_t i = 0; i < what.clips.size(); ++i)
    extractor.look_at(what.clips[i], static_cast<std::uint32_t>(i), what.quiet);
  set = {.clips = clips, .coverage = what.coverage, .faces = std::move(extractor.faces)};
  try {
    select(set, what.rule, extractor.account);
    set.report = as_json(extractor.account).dump();
    if (!what.quiet)
      std::fprintf(stderr, "%s\n", account_line(what.rule.side, extractor.account).c_str());
    write_faces(what.cache, set);
  } catch (const training::SelectionError& e) {
    throw Failure(std::string(e.what()) + " (" + account_line(what.rule.side, extractor.account) + ")");
  } catch (const training::FileError& e) {
    throw Failure(e.what());
  }
  return set;
}

} // namespace deid::cli
