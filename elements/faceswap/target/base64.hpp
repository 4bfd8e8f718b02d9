#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::faceswap {

/// Returns base64 as in RFC 4648, section 4: with padding, without line breaks. Thread: any.
std::string to_base64(const std::uint8_t* bytes, std::size_t count);

/// Returns the bytes of a text, or nothing unless the text is exactly what to_base64() returns. Thread: any.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

} // namespace deid::faceswap
