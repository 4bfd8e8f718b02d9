#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>

namespace deid::review {

/// How far the reviews of a folder are: [{name, state, moments_left, locked_by, original}] in the order of
/// names. name: of the result, relative to the folder. state: "open", "waiting for a second reader", "done",
/// or "changed": the record is not true to the files any more. moments_left: null when it is not known,
/// because the review was not opened yet. locked_by: null, or who has it open. original: as the review names
/// it, or null. second: whether a second reader is wanted. A result is a video beside its audit. Throws
/// Failure when the folder cannot be read; a single file that is damaged becomes {name, state: "damaged",
/// why}.
nlohmann::ordered_json list_folder(const std::filesystem::path& folder, bool second);

} // namespace deid::review
