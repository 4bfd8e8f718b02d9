#pragma once
#include <ostream>
#include <string>
#include <vector>

namespace deid::test {

enum class Pixels {
  equal, ///< every byte of every frame
  close, ///< the decoders of GStreamer and ffmpeg differ in the last bits: more than 35 dB in each frame
  other  ///< converted as documented (deep colour, 4:2:2): not compared
};

/// One clip of the corpus and what shall become of it.
struct Row {
  std::string name{};
  std::string input{}; ///< a file that `make` writes
  std::string make{};  ///< shell; $ff is ffmpeg, $T a moving picture of 1 s at 25 fps, $S a beep at .5 s
  std::vector<std::string> outputs{"out.mkv"};
  Pixels pixels = Pixels::equal; ///< of FFV1 in Matroska
  bool sound = false;            ///< --audio keep: the beep stays where it was
  std::string needs{};           ///< a program that `make` calls and that may be missing
  std::string refused{};         ///< words of the sentence with which it is refused; empty: it is processed
  std::size_t missing = 0;       ///< least number of frames that --keep-going says are missing
};

/// gtest shows it in failures.
inline std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name;
}

const std::vector<Row>& corpus();
/// Two of its families.
const std::vector<Row>& sound_rows();
const std::vector<Row>& damaged_rows();

} // namespace deid::test
