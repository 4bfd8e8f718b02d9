#pragma once
#include "pipelines/deid/media/film.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

/// The sound that goes beside a finished video.
struct Sound {
  std::filesystem::path original{}; ///< whose first sound track is taken
  const Film& film;                 ///< what the original shows
  std::string extension{};          ///< of the result, in lower case: says the container, and so the codec
  std::string comment{};            ///< the only tag that is written; empty: none
};

/// Writes a file that has the video of `silent` as it is and the original's sound, encoded anew: AAC in MP4
/// and MOV, Opus in Matroska and WebM, PCM in AVI. The sound stands to the pictures as it did: delays of
/// decoder, resampler and encoder are taken out, gaps are filled with silence. Sound that begins before the
/// first picture stays, except in AVI, which has no way to let pictures begin later. Throws Failure: no
/// decoder for the sound, nothing of it can be decoded, the file cannot be written.
void add_sound(const std::filesystem::path& silent, const Sound& sound, const std::filesystem::path& result);

} // namespace deid::cli
