#pragma once
#include "pipelines/deid/picture/picture.hpp"
#include "tests/pipelines/clip.hpp"
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace deid::test {

/// Pictures that pictures.py makes and compares; skips the test when Pillow or exiftool is absent.
struct PictureTest : ClipTest {
  void SetUp() override {
    ClipTest::SetUp();
    if (!have("exiftool") || std::system("/usr/bin/python3 -c 'import PIL' 2>/dev/null") != 0)
      GTEST_SKIP() << "exiftool or python3-pil is not installed; pictures are made and read with them";
  }
  static std::string script(const std::string& arguments) {
    return output_of("/usr/bin/python3 '" DEID_SOURCE_DIR "/tests/pipelines/picture/pictures.py' " +
                     arguments);
  }
  /// dir/name/, filled.
  std::filesystem::path make_set(const std::string& name) {
    std::filesystem::create_directory(dir / name);
    said = script(name + " '" + (dir / name).string() + "'");
    return dir / name;
  }
  static cli::Bytes bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static void write(const std::filesystem::path& file, const cli::Bytes& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  struct Difference {
    int same_size = 0, same_mode = 0, greatest = -1;
    double psnr = 0; ///< [dB]
  };
  /// Compares two pictures as Pillow reads them, the first rotated upright. boxes: x y w h of places that are
  /// not compared.
  static Difference compare(const std::filesystem::path& a, const std::filesystem::path& b,
                            const std::string& boxes = "") {
    Difference d;
    std::istringstream(script("compare '" + a.string() + "' '" + b.string() + "' " + boxes)) >> d.same_size >>
        d.same_mode >> d.greatest >> d.psnr;
    return d;
  }
  /// The same for all files of two folders, by name.
  static std::map<std::string, Difference> compare_all(const std::filesystem::path& a,
                                                       const std::filesystem::path& b) {
    std::map<std::string, Difference> all;
    std::istringstream lines(script("compare '" + a.string() + "' '" + b.string() + "'"));
    Difference d;
    for (std::string name; lines >> name >> d.same_size >> d.same_mode >> d.greatest >> d.psnr;)
      all[name] = d;
    return all;
  }
  static std::string storage(const std::filesystem::path& file) {
    return script("storage '" + file.string() + "'");
  }
  std::string said{}; ///< output of the script that made a set
};

} // namespace deid::test
