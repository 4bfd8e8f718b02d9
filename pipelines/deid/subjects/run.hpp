#pragma once
#include "pipelines/deid/run/hooks.hpp"
#include "pipelines/deid/run/options.hpp"
#include "pipelines/deid/run/summary.hpp"
#include "pipelines/deid/subjects/book.hpp"
#include <functional>

namespace deid::cli::subjects {

/// A target as a book knows it.
struct Face {
  std::string name{};
  std::string print{}; ///< SHA-256 of its picture
};

/// Returns the targets of a bank; empty folder: of the bank that set-up made. Throws Failure: there is none,
/// it cannot be read, or a name has a comma, which separates names in `target-names`.
std::vector<Face> faces_of_bank(const std::string& folder);

/// How a run gives a subject its face.
struct Plan {
  std::vector<Setting> settings{}; ///< of the cover: target-names, geometry
  bool known = false;              ///< the book has the subject
  bool shares = false;             ///< every target of the bank belongs to a subject already
};
/// A subject of the book gets the target that it has. Another one gets the best target that no subject has;
/// when each is taken, the best of all. Throws Failure when the bank has not the target of the book, or shows
/// another face under its name.
Plan plan_for(const Book& book, const std::string& id, const std::vector<Face>& bank);

/// What a person wore in a video.
struct Worn {
  std::string target{}; ///< the one of most frames; empty: no face was swapped
  double geometry = 0;  ///< the most
};
/// Reads an audit. Throws Failure when it cannot be read.
Worn worn_in(const std::filesystem::path& audit);

/// Runs `run` with the face that the book gives options.subject, and writes a new subject, or more geometry,
/// into the book before the result appears. The audit says so in the line `subject`. When another process
/// gave the subject or the target away meanwhile, the file is run again. Requires options.subjects. Throws
/// Failure: then no file has appeared.
Summary with_book(const RunOptions& options,
                  const std::function<Summary(const RunOptions&, const Hooks&)>& run, const Hooks& hooks);

/// The options with the plan's settings, and without the book.
RunOptions planned(const RunOptions& options);
/// The same for a subject that the book has. Throws Failure as settings_of() does.
RunOptions known_to_book(const RunOptions& options);

/// The settings of a subject that the book has. Throws Failure when the book has it not: who only looks, or
/// films, gives nobody a face for good.
std::vector<Setting> settings_of(const std::filesystem::path& book, const std::string& id,
                                 const std::string& bank);

} // namespace deid::cli::subjects
