// Measures a trained network on faces that it was not trained on.
// bench_train_heldout MODEL SUBJECT.faces TARGET.faces SHEET.ppm
// Converts the subject's held-out faces and draws them over the original crops within the mask. Measures the
// distance of dlib's descriptor to the original face and to the target's mean; landmarks of the mesh against
// the original's (NME, inter-ocular); correlation of the opening of mouth and eyes. Prints one line of JSON.
#include "models/autoencoder/autoencoder.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/manifest/manifest.hpp"
#include "models/training/selection.hpp"
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace {

using namespace deid;
namespace ae = models::autoencoder;
using training::Face;

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ma += a[i] / n, mb += b[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i)
    ab += (a[i] - ma) * (b[i] - mb), aa += (a[i] - ma) * (a[i] - ma), bb += (b[i] - mb) * (b[i] - mb);
  return ab / std::sqrt(std::max(1e-12, aa * bb));
}

class Look {
public:
  /// The mesh of a stored crop, in two passes: the second begins at the face that the first found.
  models::FaceMeshResult mesh(const cv::Mat& crop, const std::vector<cv::Point2f>& points) {
    models::FaceMeshResult result{.landmarks = {}, .presence = 1};
    for (const cv::Point2f& p : points)
      result.landmarks.emplace_back(p.x, p.y, 0.F);
    const cv::Size size(models::FaceMesh::crop_size, models::FaceMesh::crop_size);
    for (int look = 0; look < 2; ++look) {
      const auto to_crop = models::crop_to_frame(models::mesh_roi(result), size);
      result = mesh_.estimate(models::crop_image(crop, to_crop, size), to_crop);
    }
    return result;
  }
  models::Descriptor describe(const cv::Mat& crop, const models::FaceMeshResult& mesh) {
    return descriptor_.describe(models::face_chip(crop, models::chip_points(mesh)));
  }

private:
  models::FaceMesh mesh_{models::locate("face_landmark"), {}};
  models::FaceDescriptor descriptor_{models::locate("face_descriptor")};
};

double mouth(const models::FaceMeshResult& m) {
  return cv::norm(m.landmarks[13] - m.landmarks[14]) / cv::norm(m.landmarks[33] - m.landmarks[263]);
}
double eyes(const models::FaceMeshResult& m) {
  return (cv::norm(m.landmarks[159] - m.landmarks[145]) + cv::norm(m.landmarks[386] - m.landmarks[374])) /
         cv::norm(m.landmarks[33] - m.landmarks[263]);
}

double nme(const models::FaceMeshResult& a, const models::FaceMeshResult& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.landmarks.size(); ++i)
    sum += std::hypot(a.landmarks[i].x - b.landmarks[i].x, a.landmarks[i].y - b.landmarks[i].y);
  return sum / static_cast<double>(a.landmarks.size()) / cv::norm(a.landmarks[33] - a.landmarks[263]);
}

/// The converted face drawn over the crop, within the mask, with soft edges.
cv::Mat swapped(ae::Autoencoder& network, const Face& face) {
  using namespace training;
  const cv::Rect core(margin, margin, core_size, core_size);
  cv::Mat small, large, mask, alpha;
  cv::resize(face.crop(core), small, {network.size(), network.size()}, 0, 0, cv::INTER_AREA);
  cv::resize(network.convert(small), large, {core_size, core_size}, 0, 0, cv::INTER_CUBIC);
  cv::erode(ae::face_mask(face.points, stored_size), mask,
            cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
  cv::blur(mask(core), mask, {9, 9});
  cv::cvtColor(mask, alpha, cv::COLOR_GRAY2RGB);
  cv::Mat out = face.crop.clone(), back = out(core);
  cv::Mat a, b, w;
  large.convertTo(a, CV_32F), back.convertTo(b, CV_32F), alpha.convertTo(w, CV_32F, 1 / 255.);
  const cv::Mat mixed = a.mul(w) + b.mul(cv::Scalar::all(1) - w);
  mixed.convertTo(back, CV_8U);
  return out;
}

void write_sheet(const char* file, const std::vector<cv::Mat>& rows) {
  cv::Mat sheet;
  cv::vconcat(rows, sheet);
  std::ofstream out(file, std::ios::binary);
  out << "P6\n" << sheet.cols << " " << sheet.rows << "\n255\n";
  out.write(reinterpret_cast<const char*>(sheet.data), static_cast<std::streamsize>(sheet.total() * 3));
}

nlohmann::json spread(std::vector<double> values) {
  std::ranges::sort(values);
  double sum = 0;
  for (const double v : values)
    sum += v;
  return {
      {"mean", sum / static_cast<double>(values.size())}, {"least", values.front()}, {"most", values.back()}};
}

void measure(char** argv) {
  ae::Autoencoder network(argv[1], {.precision = models::Precision::f32});
  const auto subject = training::read_faces(argv[2]), target = training::read_faces(argv[3]);
  Look look;
  std::vector<double> to_original, to_target, moved, mouth_a, mouth_b, eyes_a, eyes_b;
  std::vector<cv::Mat> rows;
  for (const Face& face : subject.faces) {
    if (!face.held_out)
      continue;
    const cv::Mat result = swapped(network, face);
    const auto before = look.mesh(face.crop, face.points), after = look.mesh(result, face.points);
    const auto was = look.describe(face.crop, before), is = look.describe(result, after);
    to_original.push_back(models::distance(was, is));
    to_target.push_back(models::distance(is, target.mean));
    moved.push_back(nme(before, after));
    mouth_a.push_back(mouth(before)), mouth_b.push_back(mouth(after));
    eyes_a.push_back(eyes(before)), eyes_b.push_back(eyes(after));
    if (to_original.size() % 4 == 1 && rows.size() < 10) {
      rows.emplace_back();
      cv::hconcat(face.crop, result, rows.back());
    }
  }
  write_sheet(argv[4], rows);
  const auto above = std::ranges::count_if(to_original, [](double d) { return d > .6; });
  std::printf("%s\n", nlohmann::json{{"faces", to_original.size()},
                                     {"to_original", spread(to_original)},
                                     {"above_0.6", above},
                                     {"to_target_mean", spread(to_target)},
                                     {"nme", spread(moved)},
                                     {"mouth_r", correlation(mouth_a, mouth_b)},
                                     {"eyes_r", correlation(eyes_a, eyes_b)}}
                          .dump()
                          .c_str());
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "bench_train_heldout MODEL SUBJECT.faces TARGET.faces SHEET.ppm\n");
    return 2;
  }
  try {
    measure(argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
