#pragma once
#include "elements/faceswap/target/target.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <fstream>
#include <nlohmann/json.hpp>

namespace deid::test {

/// Meshes of real faces (the networks' goldens), px of a 640x360 picture: a talking man, 10 frames.
inline std::vector<std::vector<cv::Point3f>> real_meshes() {
  const auto json = nlohmann::json::parse(
      std::ifstream(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/footage.json"));
  std::vector<std::vector<cv::Point3f>> found;
  for (const auto& frame : json.at("frames"))
    for (const auto& mesh : frame.at("mesh")) {
      std::vector<cv::Point3f> points;
      for (std::size_t i = 0; i + 2 < mesh.size(); i += 3)
        points.emplace_back(mesh[i].get<float>(), mesh[i + 1].get<float>(), mesh[i + 2].get<float>());
      found.push_back(points);
    }
  return found;
}

inline cv::Size real_size() {
  return {640, 360};
}

/// A target with the mesh of a real face and a made picture.
inline faceswap::Target made_of(const std::vector<cv::Point3f>& mesh, const cv::Mat& picture) {
  faceswap::Target target;
  target.image = picture;
  target.landmarks = mesh;
  target.name = "made";
  target.status = "made by a test";
  return target;
}

} // namespace deid::test
