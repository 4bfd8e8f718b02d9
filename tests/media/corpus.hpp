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

/// One clip of the corpus and its expected result.
struct Row {
  std::string name{};
  std::string input{}; ///< the file that `make` writes
  std::string make{};  ///< shell; $ff is ffmpeg, $T a moving picture of 1 s at 25 fps, $S a beep at .5 s
  std::vector<std::string> outputs{"out.mkv"};
  Pixels pixels = Pixels::equal; ///< of FFV1 in Matroska
  bool sound = false;            ///< --audio keep: the beep keeps its time
  std::string needs{};           ///< a program in `make` that may be missing
  std::string refused{};         ///< part of the sentence that refuses it; empty: it is processed
  std::size_t missing = 0;       ///< least number of missing frames that --keep-going reports
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
