#pragma once
#include "elements/audit/line.hpp"
#include "pipelines/deid/review/edits.hpp"
#include <filesystem>

namespace deid::review {

/// A file that a review belongs to.
struct Bound {
  std::filesystem::path path{}; ///< in the file: relative to the review's folder where it lies below
  audit::FileFacts facts{};
};

/// The content of a review file, `visit.review.json`. docs/schemas/review.schema.json says how it looks.
struct Stored {
  Bound original{}, result{}, audit{};
  int frames = 0;
  cv::Size size{};
  Json history = Json::array();              ///< records, see Edits
  std::size_t position = 0;                  ///< so many of them hold; the rest was undone
  std::map<std::string, double> seen{};      ///< seconds that a person looked at a moment, by its id
  std::map<std::string, std::string> left{}; ///< why nobody looked at a moment
  Json rendered{}; ///< null, or {output, sha256, bytes, audit_sha256, edits}: edits: SHA-256 of the
                   ///< corrections
};

constexpr int review_form = 1;
constexpr std::uintmax_t most_review_bytes = 64U << 20U;

/// Reads a review file. Paths are made absolute. Throws Failure, with what to do: it cannot be read, is too
/// large, damaged, of another form, or holds anything that is not known.
Stored load_review(const std::filesystem::path& file);

/// Writes it whole or not at all, readable by its owner alone. Throws Failure, for example when the disk is
/// full; then the file that was there is still there.
void save_review(const std::filesystem::path& file, const Stored& stored);

/// SHA-256 of the records that hold.
std::string sum_of_edits(const Stored& stored);

/// Throws Failure unless the file has this content. whole: the sum is computed, too, and not only the size
/// compared. what: "video", "result", "audit".
void check_content(const Bound& file, const char* what, bool whole = true);

} // namespace deid::review
