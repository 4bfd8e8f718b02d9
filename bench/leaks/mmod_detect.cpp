// Runs dlib's MMOD face detector on images read from standard input and writes the boxes as JSON lines.
//
// Usage: mmod_detect MODEL.dat [SCORE]      SCORE: lowest detection score kept, default 0.
// Input, repeated until end of file: width and height as two little-endian uint32 [px], then width * height *
// 3 bytes of RGB, rows without padding. The detector was trained on faces of 80 px and more; for smaller
// faces the caller enlarges the image before. Output, one line per image: [[x1, y1, x2, y2, score], ...] in
// pixels of the input image. Exit status 1 with one sentence on standard error when the model cannot be read
// or the input is cut off.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlib/dnn.h>
#include <dlib/image_transforms.h>
#include <dlib/matrix.h>

namespace {

// The published weights define the network: the file holds parameters for exactly this type.
template <long filters, typename Below> using Down = dlib::con<filters, 5, 5, 2, 2, Below>;
template <long filters, typename Below> using Same = dlib::con<filters, 5, 5, 1, 1, Below>;
template <long filters, typename Below> using DownUnit = dlib::relu<dlib::affine<Down<filters, Below>>>;
template <long filters, typename Below> using SameUnit = dlib::relu<dlib::affine<Same<filters, Below>>>;
template <typename Below> using Reduce8 = DownUnit<32, DownUnit<32, DownUnit<16, Below>>>;
template <typename Below> using Features = SameUnit<45, SameUnit<45, SameUnit<45, Below>>>;
using Input = dlib::input_rgb_image_pyramid<dlib::pyramid_down<6>>;
using Network = dlib::loss_mmod<dlib::con<1, 9, 9, 1, 1, Features<Reduce8<Input>>>>;

constexpr std::uint32_t largest_side = 16384; // [px] a larger side means a damaged header

/// Reads one header. Returns false at a clean end of input. Throws when the input ends inside, or makes no
/// sense.
bool read_header(std::array<std::uint32_t, 2>& size) {
  const std::size_t got = std::fread(size.data(), 1, sizeof(size), stdin);
  if (got == 0)
    return false;
  if (got != sizeof(size))
    throw std::runtime_error("input ends inside a header");
  if (size[0] == 0 || size[1] == 0 || size[0] > largest_side || size[1] > largest_side)
    throw std::runtime_error("impossible image size " + std::to_string(size[0]) + "x" +
                             std::to_string(size[1]));
  return true;
}

void read_pixels(dlib::matrix<dlib::rgb_pixel>& image, const std::array<std::uint32_t, 2>& size) {
  static_assert(sizeof(dlib::rgb_pixel) == 3);
  image.set_size(size[1], size[0]);
  const std::size_t bytes = std::size_t{size[0]} * size[1] * 3;
  if (std::fread(&image(0, 0), 1, bytes, stdin) != bytes)
    throw std::runtime_error("input ends inside an image");
}

void write_boxes(const std::vector<dlib::mmod_rect>& found) {
  std::cout << '[';
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& r = found[i].rect;
    std::cout << (i == 0 ? "" : ", ") << '[' << r.left() << ", " << r.top() << ", " << r.right() + 1 << ", "
              << r.bottom() + 1 << ", " << found[i].detection_confidence << ']';
  }
  std::cout << "]\n" << std::flush;
}

void run(const std::string& model, double lowest) {
  Network network;
  dlib::deserialize(model) >> network;
  dlib::matrix<dlib::rgb_pixel> image;
  std::array<std::uint32_t, 2> size{};
  while (read_header(size)) {
    read_pixels(image, size);
    write_boxes(network.process(image, lowest));
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::string(argv[1]) == "--help") {
    std::cerr << "usage: mmod_detect MODEL.dat [SCORE] < images > boxes\n";
    return argc >= 2 && std::string(argv[1]) == "--help" ? 0 : 2;
  }
  try {
    run(argv[1], argc == 3 ? std::stod(argv[2]) : 0.0);
  } catch (const std::exception& problem) {
    std::cerr << "mmod_detect: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
