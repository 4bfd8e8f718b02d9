// Describes the face on a picture with dlib's own tools, for bench/swap: 68 points and the descriptor of 128
// numbers.
//
// Usage: dlib_describe SHAPE.dat NETWORK.dat < faces
// Input, repeated until end of file: width and height as two little-endian uint32 [px], the place of the face
// as four little-endian float32 (x1 y1 x2 y2, px; all 0: dlib's frontal detector finds it), then width *
// height * 3 bytes of RGB, rows without padding. The detector needs faces of 80 px and more. Output, one JSON
// object a line:
// {"rect": [x1, y1, x2, y2], "points": [x0, y0, ...], "descriptor": [...]}, or null where the detector finds
// no face. Of several faces it takes the one nearest to the middle. The descriptor is that of the 150-px chip
// with padding .25, without jitter. Exit status 1 with one sentence on standard error when a file cannot be
// read or the input is cut off.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>
#include <dlib/matrix.h>

namespace {

// The published weights define the network: the file holds parameters for exactly this type.
template <long filters, int stride, typename Below>
using Block =
    dlib::affine<dlib::con<filters, 3, 3, 1, 1,
                           dlib::relu<dlib::affine<dlib::con<filters, 3, 3, stride, stride, Below>>>>>;
template <long filters, typename Below>
using Same = dlib::relu<dlib::add_prev1<Block<filters, 1, dlib::tag1<Below>>>>;
template <long filters, typename Below>
using Down = dlib::relu<dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<Block<filters, 2, dlib::tag1<Below>>>>>>>;
template <typename Below> using Level0 = Down<256, Below>;
template <typename Below> using Level1 = Same<256, Same<256, Down<256, Below>>>;
template <typename Below> using Level2 = Same<128, Same<128, Down<128, Below>>>;
template <typename Below> using Level3 = Same<64, Same<64, Same<64, Down<64, Below>>>>;
template <typename Below> using Level4 = Same<32, Same<32, Same<32, Below>>>;
using Stem =
    dlib::max_pool<3, 3, 2, 2,
                   dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, dlib::input_rgb_image_sized<150>>>>>;
using Network = dlib::loss_metric<
    dlib::fc_no_bias<128, dlib::avg_pool_everything<Level0<Level1<Level2<Level3<Level4<Stem>>>>>>>>;

using Image = dlib::matrix<dlib::rgb_pixel>;
constexpr std::uint32_t largest_side = 4096; // [px] a larger side means a damaged header

struct Header {
  std::uint32_t width, height;
  std::array<float, 4> place;
};
static_assert(sizeof(Header) == 24);

/// Reads one face. Returns false at a clean end of input. Throws when the input ends inside, or makes no
/// sense.
bool read_face(Header& header, Image& image) {
  const std::size_t got = std::fread(&header, 1, sizeof(header), stdin);
  if (got == 0)
    return false;
  if (got != sizeof(header))
    throw std::runtime_error("input ends inside a header");
  if (header.width == 0 || header.height == 0 || header.width > largest_side || header.height > largest_side)
    throw std::runtime_error("impossible image size");
  static_assert(sizeof(dlib::rgb_pixel) == 3);
  image.set_size(header.height, header.width);
  const std::size_t bytes = std::size_t{header.width} * header.height * 3;
  if (std::fread(&image(0, 0), 1, bytes, stdin) != bytes)
    throw std::runtime_error("input ends inside an image");
  return true;
}

std::optional<dlib::rectangle> place_of(const Header& header, const Image& image,
                                        dlib::frontal_face_detector& detector) {
  const auto& p = header.place;
  if (p[2] > p[0])
    return dlib::rectangle(std::lround(p[0]), std::lround(p[1]), std::lround(p[2]), std::lround(p[3]));
  const dlib::point middle(image.nc() / 2, image.nr() / 2);
  std::optional<dlib::rectangle> best;
  for (const dlib::rectangle& found : detector(image))
    if (!best || dlib::length(dlib::center(found) - middle) < dlib::length(dlib::center(*best) - middle))
      best = found;
  return best;
}

template <typename Numbers> void write(const char* name, const Numbers& numbers) {
  std::cout << '"' << name << "\": [";
  const char* comma = "";
  for (const auto number : numbers) {
    std::cout << comma << number;
    comma = ", ";
  }
  std::cout << ']';
}

void describe(const Image& image, const dlib::rectangle& rect, const dlib::shape_predictor& predictor,
              Network& network) {
  const dlib::full_object_detection shape = predictor(image, rect);
  std::vector<long> points;
  for (unsigned long n = 0; n < shape.num_parts(); ++n)
    points.insert(points.end(), {shape.part(n).x(), shape.part(n).y()});
  Image chip;
  dlib::extract_image_chip(image, dlib::get_face_chip_details(shape, 150, 0.25), chip);
  const dlib::matrix<float, 0, 1> descriptor = network(chip);
  std::cout << '{';
  write("rect", std::array{rect.left(), rect.top(), rect.right(), rect.bottom()});
  std::cout << ", ";
  write("points", points);
  std::cout << ", ";
  write("descriptor", descriptor);
  std::cout << "}\n" << std::flush;
}

void run(const char* shape_file, const char* network_file) {
  dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
  dlib::shape_predictor predictor;
  Network network;
  dlib::deserialize(shape_file) >> predictor;
  dlib::deserialize(network_file) >> network;
  Header header{};
  for (Image image; read_face(header, image);) {
    if (const auto rect = place_of(header, image, detector))
      describe(image, *rect, predictor, network);
    else
      std::cout << "null\n" << std::flush;
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: dlib_describe SHAPE.dat NETWORK.dat < faces > descriptors\n";
    return 2;
  }
  try {
    run(argv[1], argv[2]);
  } catch (const std::exception& problem) {
    std::cerr << "dlib_describe: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
