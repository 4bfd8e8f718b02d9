#include "models/training/trainer/preview.hpp"
#include "models/training/durable_file.hpp"
#include "models/training/trainer/autocast.hpp"
#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <unistd.h>

namespace deid::training {

namespace {

/// Stacks N x 3 x S x S [0..1] in one column.
cv::Mat column(const torch::Tensor& pictures) {
  const torch::Tensor rows =
      pictures.clamp(0, 1).mul(255).round().to(torch::kByte).permute({0, 2, 3, 1}).contiguous();
  const auto size = static_cast<int>(rows.size(1));
  return cv::Mat(static_cast<int>(rows.size(0)) * size, size, CV_8UC3, rows.data_ptr()).clone();
}

/// Returns `count` entries of a batch, evenly chosen.
torch::Tensor chosen(const torch::Tensor& batch, std::int64_t count) {
  std::vector<torch::Tensor> rows;
  for (std::int64_t i = 0; i < count; ++i)
    rows.push_back(batch.select(0, i * batch.size(0) / count));
  return torch::stack(rows).contiguous(torch::MemoryFormat::ChannelsLast);
}

} // namespace

cv::Mat preview_sheet(Trainer& trainer, int rows, bool bf16) {
  torch::NoGradGuard fixed;
  const Autocast half(bf16);
  const auto count = std::min<std::int64_t>(
      rows, std::min(trainer.held_subject().input.size(0), trainer.held_target().input.size(0)));
  const torch::Tensor subject = chosen(trainer.held_subject().input, count);
  const torch::Tensor target = chosen(trainer.held_target().input, count);
  Autoencoder& network = trainer.network();
  const torch::Tensor code = network->encoder(subject);
  cv::Mat sheet;
  cv::hconcat(std::vector<cv::Mat>{column(subject), column(network->decoder_subject(code)),
                                   column(network->decoder_target(code)), column(target),
                                   column(network->decoder_target(network->encoder(target)))},
              sheet);
  return sheet;
}

void write_png(const std::filesystem::path& file, const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> bytes;
  cv::imencode(".png", bgr, bytes);
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool whole = fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (fd >= 0)
    close(fd);
  if (!whole)
    throw FileError(file.string() + " cannot be written.");
}

} // namespace deid::training
