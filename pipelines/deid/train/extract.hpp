#pragma once
#include "models/training/selection.hpp"
#include <filesystem>
#include <vector>

namespace deid::cli {

struct Extraction {
  std::vector<std::filesystem::path> clips{};
  std::filesystem::path cache{}; ///< read when it is of these clips, written otherwise
  training::SelectionRule rule{};
  double coverage = 1; ///< of the alignment
  bool quiet = false;
};

/// Every face of the clips that can be trained on, through our own facedetect. Takes it from the cache when
/// that was made of the same clips. Says on stderr what was kept and why the rest was not. Throws Failure: a
/// clip that cannot be read, nobody in them, several people, too few faces. Needs gst_init() and the plugin.
training::FaceSet extract_faces(const Extraction& what);

/// "1 234 faces in 2 000 frames; kept 800 (80 held out); left out: 300 like another, ..."
std::string account_line(const std::string& side, const training::Account& account);

} // namespace deid::cli
