#pragma once
#include "models/autoencoder/file.hpp"
#include <memory>
#include <opencv2/core.hpp>

namespace deid::models::autoencoder {

/// A trained swap: one person's aligned face in, the target's with the same expression out.
/// Threads: one at a time.
class Autoencoder {
public:
  /// Reads the file and builds the network; equal files share one network. Throws ModelError as read_model(),
  /// and when the engine does not take it.
  explicit Autoencoder(const std::filesystem::path& file, const SessionOptions& options,
                       std::string_view passphrase = {});
  ~Autoencoder();
  Autoencoder(Autoencoder&&) noexcept;

  /// All of the file but the weights.
  [[nodiscard]] const ModelFile& about() const;
  /// Side of a face, px.
  [[nodiscard]] int size() const { return about().network.size; }
  [[nodiscard]] Precision precision() const;

  /// face: RGB CV_8UC3, size() x size(), cut as aligned() says with the file's alignment; back comes one of
  /// the same kind. Throws cv::Exception on another size or type, ModelError(engine) when the engine fails or
  /// gives what is no number.
  [[nodiscard]] cv::Mat convert(const cv::Mat& face);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models::autoencoder
