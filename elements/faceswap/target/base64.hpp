#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::faceswap {

/// RFC 4648, section 4, with padding, without line breaks.
std::string to_base64(const std::uint8_t* bytes, std::size_t count);

/// Nothing when the text is not exactly what to_base64 could have written.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

} // namespace deid::faceswap
