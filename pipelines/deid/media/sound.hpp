#pragma once
#include "pipelines/deid/media/film.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

/// A span of time from the first picture on [ns].
struct SoundSpan {
  std::int64_t begin = 0, end = 0;
};

/// The sound for a finished video.
struct Sound {
  std::filesystem::path original{}; ///< its first sound track is used
  const Film& film;                 ///< the original's pictures
  std::string extension{};          ///< of the result, in lower case; decides on the container and the codec
  std::string comment{};            ///< the only tag that is written; empty: none
  std::vector<SoundSpan> mutes{};   ///< silent in the result
};

/// Writes a file with the unchanged video of `silent` and the original's sound, encoded again: AAC in MP4 and
/// MOV, Opus in Matroska and WebM, PCM in AVI. Sound and pictures keep their relative times: delays of
/// decoder, resampler and encoder are removed, gaps are filled with silence. Sound before the first picture
/// stays, except in AVI, where pictures cannot begin later. Throws Failure: there is no decoder for the
/// sound, none of it can be decoded, or the file cannot be written.
void add_sound(const std::filesystem::path& silent, const Sound& sound, const std::filesystem::path& result);

} // namespace deid::cli
