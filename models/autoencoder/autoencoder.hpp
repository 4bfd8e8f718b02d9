#pragma once
#include "models/autoencoder/file.hpp"
#include <memory>
#include <opencv2/core.hpp>

namespace deid::models::autoencoder {

/// A trained swap: takes one person's aligned face and returns the target's with the same expression.
/// Threads: one at a time.
class Autoencoder {
public:
  /// Reads the file and builds the network. Objects of the same file share one network. Throws ModelError as
  /// read_model(), and when the engine rejects the network.
  explicit Autoencoder(const std::filesystem::path& file, const SessionOptions& options,
                       std::string_view passphrase = {});
  ~Autoencoder();
  Autoencoder(Autoencoder&&) noexcept;

  /// The file's content without the values of its tensors.
  [[nodiscard]] const ModelFile& about() const;
  /// Side of a face, px.
  [[nodiscard]] int size() const { return about().network.size; }
  [[nodiscard]] Precision precision() const;

  /// face: RGB CV_8UC3, size() x size(), cut by aligned() with the file's alignment. Returns a face of the
  /// same kind. Throws cv::Exception on another size or type. Throws ModelError(engine) when the engine fails
  /// or gives values that are not finite.
  [[nodiscard]] cv::Mat convert(const cv::Mat& face);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models::autoencoder
