#pragma once
#include "elements/faceswap/target/target.hpp"
#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace deid::test {

/// A target from the first face of a picture, rotated until the eyes are level, 256 px wide.
inline faceswap::Target target_of(const cv::Mat& rgb, const std::string& name) {
  using namespace models;
  BlazeFace detector{locate("face_detection_short_range"), BlazeFace::Range::short_range, {}};
  FaceMesh network{locate("face_landmark"), {}};
  const auto found = detector.detect(rgb, .5F);
  if (found.empty())
    throw std::runtime_error("no face to make a target of");
  const cv::Size crop(FaceMesh::crop_size, FaceMesh::crop_size);
  auto matrix = crop_to_frame(mesh_roi(found.front()), crop);
  auto mesh = network.estimate(crop_image(rgb, matrix, crop), matrix);
  matrix = crop_to_frame(mesh_roi(mesh), crop);
  mesh = network.estimate(crop_image(rgb, matrix, crop), matrix);

  faceswap::Target target;
  const cv::Size size(384, 384);
  const auto place = crop_to_frame(mesh_roi(mesh), size);
  target.image = crop_image(rgb, place, size);
  const float c = place(0, 0), s = place(1, 0), square = c * c + s * s;
  for (const cv::Point3f& p : mesh.landmarks) {
    const float x = p.x - place(0, 2), y = p.y - place(1, 2);
    target.landmarks.emplace_back((c * x + s * y) / square, (c * y - s * x) / square,
                                  p.z / std::sqrt(square));
  }
  target.name = name;
  target.status = "made by a test from a clip or picture that is there for tests; not to be given away";
  return target;
}

/// A target of the bank that set-up makes; it resembles no person.
inline std::filesystem::path bank_file(int number) {
  return std::filesystem::path(DEID_DEPS_DIR) / "targets" / ("nobody-" + std::to_string(number) + ".json");
}

inline faceswap::Target of_the_bank(int number, const std::string& name) {
  faceswap::Target target = faceswap::read_target(bank_file(number));
  target.name = name;
  return target;
}

} // namespace deid::test
