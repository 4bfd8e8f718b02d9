// The cost of one conversion of a trained swap in f32 and in bf16, and the effect of bf16 on the result.
// Usage: autoencoder_conversion MODEL|random:NETWORK [CLIP...]
// CPU time of the whole process (CLOCK_PROCESS_CPUTIME_ID), one thread, median of blocks of 50 conversions.
// With clips: the largest and the mean distance between dlib's descriptors of the two results, each drawn
// into its frame, over every tenth frame with a face. Exit status 1 when bf16 gives another picture than f32.
#include "models/autoencoder/autoencoder.hpp"
#include "models/blazeface/blazeface.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/image/affine.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/models/autoencoder/random_model.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace {

using namespace deid::models;
using autoencoder::Autoencoder;

constexpr int every = 10;      ///< frames of a clip from one measured frame to the next
constexpr double most_off = 8; ///< levels, mean: more than rounding causes
constexpr int blocks = 7, runs = 50;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Median CPU of one conversion, ms.
double cost(Autoencoder& network, const cv::Mat& face) {
  std::vector<double> ms;
  for (int block = 0; block <= blocks; ++block) {
    const double start = cpu_ms();
    for (int i = 0; i < runs; ++i)
      (void)network.convert(face);
    if (block > 0) // the first one warms up
      ms.push_back((cpu_ms() - start) / runs);
  }
  std::sort(ms.begin(), ms.end());
  return ms[ms.size() / 2];
}

double mean_difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / (3. * static_cast<double>(a.total()));
}

/// Finds one face and draws both networks' results into its frame.
class Comparison {
public:
  Comparison(Autoencoder& exact, Autoencoder& half) : exact_(exact), half_(half) {}

  void look(const cv::Mat& rgb) {
    const auto found = detector_.detect(rgb, .5F);
    if (found.empty())
      return;
    const cv::Size crop(FaceMesh::crop_size, FaceMesh::crop_size);
    auto place = crop_to_frame(mesh_roi(found.front()), crop);
    auto mesh = mesh_.estimate(crop_image(rgb, place, crop), place);
    place = crop_to_frame(mesh_roi(mesh), crop);
    mesh = mesh_.estimate(crop_image(rgb, place, crop), place);
    const int size = exact_.size();
    const auto aligned = autoencoder::aligned(mesh.landmarks, size, exact_.about().alignment);
    const cv::Mat face = crop_image(rgb, aligned, {size, size});
    const cv::Mat a = exact_.convert(face), b = half_.convert(face);
    levels_.push_back(mean_difference(a, b));
    const auto described = [&](const cv::Mat& result) {
      return descriptor_.describe(face_chip(laid(rgb, result, aligned, mesh.landmarks), chip_points(mesh)));
    };
    const Descriptor known = described(a);
    distances_.push_back(distance(known, described(b)));
    noise_.push_back(distance(known, described(shaken(a, levels_.back()))));
  }
  [[nodiscard]] const std::vector<double>& distances() const { return distances_; }
  [[nodiscard]] const std::vector<double>& levels() const { return levels_; }
  /// The same distances for random changes of pixels of the same size.
  [[nodiscard]] const std::vector<double>& noise() const { return noise_; }

private:
  /// Changes so many values by one level that the mean difference is `levels` (below 1).
  cv::Mat shaken(const cv::Mat& face, double levels) {
    cv::Mat chance(face.size(), CV_32FC3), out = face.clone();
    random_.fill(chance, cv::RNG::UNIFORM, -1, 1);
    for (int y = 0; y < out.rows; ++y)
      for (int x = 0; x < 3 * out.cols; ++x) {
        const float c = chance.ptr<float>(y)[x];
        std::uint8_t& value = out.ptr(y)[x];
        if (std::abs(c) < static_cast<float>(levels))
          value = cv::saturate_cast<std::uint8_t>(value + (c < 0 ? -1 : 1));
      }
    return out;
  }
  static cv::Mat laid(const cv::Mat& rgb, const cv::Mat& face, const cv::Matx23f& to_frame,
                      const std::vector<cv::Point3f>& landmarks) {
    cv::Mat out = rgb.clone(), there, mask;
    cv::warpAffine(face, there, to_frame, rgb.size(), cv::INTER_CUBIC);
    const auto points = autoencoder::in_crop(landmarks, to_frame);
    cv::warpAffine(autoencoder::face_mask(points, face.rows), mask, to_frame, rgb.size(), cv::INTER_NEAREST);
    there.copyTo(out, mask);
    return out;
  }
  Autoencoder& exact_;
  Autoencoder& half_;
  BlazeFace detector_{locate("face_detection_short_range"), BlazeFace::Range::short_range, {}};
  FaceMesh mesh_{locate("face_landmark"), {}};
  FaceDescriptor descriptor_{locate("face_descriptor")};
  std::vector<double> distances_{}, levels_{}, noise_{};
  cv::RNG random_{1};
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.) / static_cast<double>(values.size());
}

int run(const std::string& name, std::vector<std::string> clips) {
  const deid::test::Scratch scratch;
  std::filesystem::path file = name;
  if (name.starts_with("random:")) {
    file = scratch.path() / "model";
    autoencoder::write_model(file, deid::test::random_model(name.substr(7).c_str()));
  }
  const char* passphrase = std::getenv("DEID_MODEL_PASSPHRASE");
  const std::string word = passphrase != nullptr ? passphrase : "";
  Autoencoder exact(file, {}, word), half(file, {.precision = Precision::bf16}, word);
  const auto& about = exact.about();
  std::printf("%s: %d px, %.3f G multiplications, %.2f M parameters (one direction)\n",
              about.network.name.c_str(), exact.size(),
              static_cast<double>(multiplications(about.network)) / 1e9,
              static_cast<double>(parameters(about.network, 1)) / 1e6);
  cv::Mat face(exact.size(), exact.size(), CV_8UC3);
  cv::RNG random(1);
  random.fill(face, cv::RNG::UNIFORM, 0, 256);
  cv::blur(face, face, {9, 9});
  bool fine = mean_difference(exact.convert(face), half.convert(face)) <= most_off;
  std::printf("CPU of one conversion: f32 %.2f ms, %s %.2f ms\n", cost(exact, face),
              half.precision() == Precision::bf16 ? "bf16" : "(no bf16 here) f32", cost(half, face));
  Comparison comparison(exact, half);
  for (const std::string& clip : clips)
    deid::test::each_frame(clip, [&](int frame, const cv::Mat& rgb) {
      if (frame % every == 0)
        comparison.look(rgb);
      return true;
    });
  if (const auto& d = comparison.distances(); !d.empty()) {
    const double worst = *std::max_element(comparison.levels().begin(), comparison.levels().end());
    fine = fine && worst <= most_off;
    std::printf("bf16 against f32 on %zu faces: descriptor changes by at most %.4f (mean %.4f), pixels by "
                "%.2f levels\n",
                d.size(), *std::max_element(d.begin(), d.end()), mean(d), worst);
    const auto& noise = comparison.noise();
    std::printf("as many levels by chance: at most %.4f (mean %.4f)\n",
                *std::max_element(noise.begin(), noise.end()), mean(noise));
  }
  return fine ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2 || std::string(argv[1]).starts_with("-")) {
      std::printf("usage: autoencoder_conversion MODEL|random:NETWORK [CLIP...]\n");
      return 2;
    }
    return run(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
