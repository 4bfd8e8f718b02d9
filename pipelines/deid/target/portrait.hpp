#pragma once
#include "models/centerface/centerface.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/faceres/faceres.hpp"
#include <filesystem>
#include <optional>
#include <string>

namespace deid::cli {

/// One picture with its only face.
struct Portrait {
  std::string name{}; ///< of the file
  cv::Mat rgb{};      ///< CV_8UC3
  models::FaceMeshResult mesh{};
  models::Descriptor descriptor{};
};

/// Reads and describes portraits. Throws models::ModelError when a network is missing or damaged. Threads:
/// one at a time.
class PortraitReader {
public:
  PortraitReader();
  /// Reads the picture's only face, or the largest when the others are less than half as high. Throws
  /// Failure: no picture, no face, several faces, or one smaller than 48 px.
  Portrait read(const std::filesystem::path& file);
  /// Returns the mesh of a frontal, upright face near `about` (468 points, px). Throws Failure when the
  /// network finds none there.
  models::FaceMeshResult look_again(const cv::Mat& rgb, const std::vector<cv::Point3f>& about);
  /// Returns the descriptor of a face with a known mesh.
  models::Descriptor describe(const cv::Mat& rgb, const models::FaceMeshResult& mesh);
  /// Returns the apparent sex and age of a face with a known mesh. Returns nothing when set-up left FaceRes
  /// out, or the network sees nothing.
  std::optional<models::Looks> look(const cv::Mat& rgb, const models::FaceMeshResult& mesh);
  /// Returns FaceRes's features of a face with a known mesh; nothing as look() does.
  std::optional<models::FaceFeatures> features(const cv::Mat& rgb, const models::FaceMeshResult& mesh);

private:
  std::optional<models::FaceView> view(const cv::Mat& rgb, const models::FaceMeshResult& mesh);
  models::FaceMeshResult settled(const cv::Mat& rgb, models::RotatedRoi roi);

  models::CenterFace detector_;
  models::FaceMesh mesh_;
  models::FaceDescriptor descriptor_;
  std::optional<models::FaceRes> faceres_{}; ///< loaded when it is first asked
};

} // namespace deid::cli
