#pragma once
#include "pipelines/deid/review/moments.hpp"
#include "pipelines/deid/review/store.hpp"
#include <filesystem>

namespace deid::review {

/// Who signs.
struct Signer {
  std::string name{}, role{};
  bool second = false;           ///< the second reader
  std::set<std::string> leave{}; ///< ids of moments that nobody looks at
  std::string why{};             ///< why they are left
};
/// Throws Failure: a name or a role is missing, or moments are left without a reason.
Signer signer_in(const Json& json);

/// The files beside a result.
struct Beside {
  std::filesystem::path audit{}, review{}, look{}, lock{}, record{}, page{}, rendered{}, rendered_audit{};
};
/// Their names, by the result's: a.mp4 has a.jsonl (or a.mp4.jsonl, as a batch writes), a.review.json, ...
Beside beside(const std::filesystem::path& result);

/// Returns the moments that are neither seen nor left.
std::vector<std::string> unseen(const Moments& moments, const Stored& stored);

/// Returns a new record, or `before` with the second reader's signature. at: now, ISO 8601. Throws Failure:
/// corrections are not rendered, moments are neither seen nor left, the second reader is the first, or there
/// is no first whose record is true to these files. Requires: the contents of all files were compared.
Json signed_record(const Stored& stored, const Moments& moments, const Edits& edits, const Signer& who,
                   const std::string& at, const Json& before);

/// The file that a signature is for: the last render, or the result.
Bound final_result(const Stored& stored);
/// Whether corrections are newer than the last render.
bool is_dirty(const Stored& stored, const Edits& edits);

/// Returns the sentences about what does not fit between a record and the files that it names; none: it is
/// true.
std::vector<std::string> problems_of(const std::filesystem::path& record);

/// Reads a record. Throws Failure when it is damaged or of another form.
Json load_record(const std::filesystem::path& file);

/// The record as one page for people. Every text is escaped.
std::string page_of(const Json& record);

} // namespace deid::review
