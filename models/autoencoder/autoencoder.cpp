#include "models/autoencoder/autoencoder.hpp"
#include "models/autoencoder/network.hpp"

namespace deid::models::autoencoder {

namespace fs = std::filesystem;

namespace {

struct Written {
  fs::file_time_type when{};
  std::uintmax_t bytes = 0;
  bool operator==(const Written&) const = default;
};

Written written(const fs::path& file) {
  std::error_code ignored; // a missing file is reported when it is read
  return {fs::last_write_time(file, ignored), fs::file_size(file, ignored)};
}

struct Loaded {
  ModelFile about;
  Session session;
};

Loaded load(const fs::path& file, const SessionOptions& options, std::string_view passphrase) {
  const Written before = written(file);
  ModelFile model = read_model(file, passphrase);
  // without kept_as: a network of one person is never kept in a folder
  Session session(file, options, {.read = [&](const fs::path&) {
                    // Compiled networks are shared by the name and time of their file. A replaced file must
                    // not be built under the time of the old one.
                    if (written(file) != before)
                      throw ModelError(ModelError::Kind::damaged,
                                       "The model " + file.string() +
                                           " cannot be used: it was replaced while it was read; "
                                           "start again.");
                    return build_autoencoder_network(model.network, model.tensors);
                  }});
  for (Tensor& tensor : model.tensors)
    tensor.values = {};
  return {std::move(model), std::move(session)};
}

} // namespace

struct Autoencoder::Impl {
  Loaded loaded;
};

Autoencoder::Autoencoder(const fs::path& file, const SessionOptions& options, std::string_view passphrase)
    : impl_(std::make_unique<Impl>(Impl{load(file, options, passphrase)})) {}
Autoencoder::~Autoencoder() = default;

const ModelFile& Autoencoder::about() const {
  return impl_->loaded.about;
}

Precision Autoencoder::precision() const {
  return impl_->loaded.session.precision();
}

cv::Mat Autoencoder::convert(const cv::Mat& face) {
  CV_Assert(face.type() == CV_8UC3 && face.cols == size() && face.rows == size());
  Session& session = impl_->loaded.session;
  cv::Mat input(size(), size(), CV_32FC3, session.input().data());
  face.convertTo(input, CV_32F);
  session.infer();
  const auto values = session.output(0);
  CV_Assert(values.size() == face.total() * 3);
  require_finite(values, "pixels");
  cv::Mat out;
  // the header of a matrix takes no const pointer; the values are only read
  cv::Mat(size(), size(), CV_32FC3, const_cast<float*>(values.data())).convertTo(out, CV_8U);
  return out;
}

} // namespace deid::models::autoencoder
