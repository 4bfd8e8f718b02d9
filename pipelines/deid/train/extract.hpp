#pragma once
#include "models/training/selection.hpp"
#include <filesystem>
#include <vector>

namespace deid::cli {

struct Extraction {
  std::vector<std::filesystem::path> clips{};
  std::filesystem::path cache{}; ///< used when it was made of these clips; written otherwise
  training::SelectionRule rule{};
  double coverage = 1; ///< of the alignment
  bool quiet = false;
};

/// Returns every face of the clips that can be trained on, found by facedetect. Uses the cache when it was
/// made of the same clips. Prints on stderr what was kept and why the rest was not. Throws Failure: an
/// unreadable clip, no face, several people, too few faces. Requires gst_init and the plugin.
training::FaceSet extract_faces(const Extraction& what);

/// "1 234 faces in 2 000 frames; kept 800 (80 held out); left out: 300 like another, ..."
std::string account_line(const std::string& side, const training::Account& account);

} // namespace deid::cli
