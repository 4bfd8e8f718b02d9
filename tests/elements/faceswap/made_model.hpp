#pragma once
#include "elements/faceswap/perception/describer.hpp"
#include "elements/meta/face_region.hpp"
#include "tests/models/autoencoder/random_model.hpp"
#include <filesystem>

namespace deid::test {

/// The descriptor of this face, as the element computes it.
inline faceswap::Descriptor descriptor_of(const cv::Mat& rgb, const FaceRegion& face) {
  faceswap::DlibDescriber describer;
  return describer.describe(rgb, face.landmarks);
}

/// An untrained light96 whose file names `subject` as its subject. Its target is far from each person.
inline std::filesystem::path put_model(const std::filesystem::path& file, const faceswap::Descriptor& subject,
                                       std::string_view passphrase = {}) {
  models::autoencoder::ModelFile model = random_model("light96");
  model.subject = subject;
  model.target.descriptor.at(1) = 2;
  model.target.name = "learnt";
  models::autoencoder::write_model(file, model, passphrase);
  return file;
}

} // namespace deid::test
