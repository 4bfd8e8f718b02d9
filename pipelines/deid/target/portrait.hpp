#pragma once
#include "models/centerface/centerface.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/facemesh/facemesh.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

/// One picture with the one face in it.
struct Portrait {
  std::string name{}; ///< of the file
  cv::Mat rgb{};      ///< CV_8UC3
  models::FaceMeshResult mesh{};
  models::Descriptor descriptor{};
};

/// Looks at portraits. Throws models::ModelError when a network is missing or damaged. Threads: one at a
/// time.
class PortraitReader {
public:
  PortraitReader();
  /// The picture's only face, or the largest when the others are less than half as high. Throws Failure: no
  /// picture, no face, several, or one smaller than 48 px.
  Portrait read(const std::filesystem::path& file);
  /// Where the mesh network sees the features of a face that is known to be at `about` (468, px), frontal and
  /// upright. Throws Failure when it sees none there.
  models::FaceMeshResult look_again(const cv::Mat& rgb, const std::vector<cv::Point3f>& about);
  /// The descriptor of a face whose mesh is known.
  models::Descriptor describe(const cv::Mat& rgb, const models::FaceMeshResult& mesh);

private:
  models::FaceMeshResult settled(const cv::Mat& rgb, models::RotatedRoi roi);

  models::CenterFace detector_;
  models::FaceMesh mesh_;
  models::FaceDescriptor descriptor_;
};

} // namespace deid::cli
