#pragma once
#include <cstdint>
#include <filesystem>

namespace deid::cli {

/// Ticks per second of the first video track of an MP4 or MOV file, so that the output can use the very same
/// time base. 0 when the file is no such file or is damaged. Never throws.
std::uint32_t mp4_video_timescale(const std::filesystem::path& file);

/// Whether the boxes of user data that the muxer wrote stay: only where nothing but our own tag went into
/// them.
enum class UserData { remove, keep };

/// Removes what a muxer writes of its own accord and what could tell when or with what a recording was made:
/// creation and modification times become 0, user data boxes become free space unless told to keep them.
/// Mends the length of tracks of more than 2^32 ticks, which the muxer cuts. Works in place on an open file.
/// Throws Failure when the file has no readable index: an output in that state must not be published.
void scrub_mp4(int fd, UserData user_data);

} // namespace deid::cli
