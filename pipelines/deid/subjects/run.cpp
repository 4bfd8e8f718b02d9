#include "pipelines/deid/subjects/run.hpp"
#include "elements/faceswap/choice/bank.hpp"
#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/workplace.hpp"
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <glib.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace deid::cli::subjects {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr int most_tries = 100; ///< each time another process took the target

/// The book gives the subject, or the target, to somebody else than it did when the run began.
class BookChanged : public Failure {
public:
  using Failure::Failure;
};

std::string print_of(cv::Mat picture) {
  if (!picture.isContinuous())
    picture = picture.clone();
  gchar* text =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, picture.data, picture.total() * picture.elemSize());
  std::string print(text);
  g_free(text);
  return print;
}

const Face* face_named(const std::vector<Face>& bank, const std::string& name) {
  const auto found = std::ranges::find(bank, name, &Face::name);
  return found == bank.end() ? nullptr : &*found;
}

RunOptions without_book(const RunOptions& options, const std::vector<Setting>& settings) {
  RunOptions one = options;
  one.subjects.clear();
  one.subject.clear();
  one.settings.insert(one.settings.end(), settings.begin(), settings.end());
  return one;
}

std::string number(double value) {
  std::array<char, G_ASCII_DTOSTR_BUF_SIZE> text{};
  return g_ascii_formatd(text.data(), static_cast<int>(text.size()), "%.4f", value);
}

std::string joined(const std::vector<std::string>& all, const char* between) {
  std::string text;
  for (const std::string& one : all)
    text += (text.empty() ? "" : between) + one;
  return text;
}

/// One run of a file for a subject.
class Attempt {
public:
  Attempt(const RunOptions& options, std::vector<Face> bank)
      : options_(options), bank_(std::move(bank)),
        plan_(plan_for(Book::read(options.subjects), options.subject, bank_)) {}

  [[nodiscard]] const Plan& plan() const { return plan_; }

  /// Enters what the video shows into the book. Returns the audit's line.
  Json enter(const fs::path& audit) {
    const Worn worn = worn_in(audit);
    const BookLock lock(options_.subjects);
    Book book = Book::read(options_.subjects);
    const Subject* known = book.find(options_.subject);
    if (known != nullptr && !worn.target.empty() && worn.target != known->target)
      throw BookChanged("Another process gave '" + options_.subject + "' a face.");
    const std::string target = known != nullptr ? known->target : worn.target;
    const std::vector<std::string> others = book.holders(target, options_.subject);
    if (known == nullptr && !others.empty() && !plan_.shares)
      throw BookChanged("Another process gave '" + target + "' to '" + others.front() + "'.");
    const bool fresh = known == nullptr && !target.empty();
    if (!target.empty())
      write(book, target, worn.geometry);
    note(target, fresh, others);
    Json about{{"id", options_.subject}};
    about["target"] = target.empty() ? Json() : Json(target);
    about["geometry"] = target.empty() ? Json() : Json(book.find(options_.subject)->geometry);
    about["first"] = fresh;
    about["shared_with"] = target.empty() ? Json::array() : Json(others);
    return {{"subject", about}};
  }
  [[nodiscard]] const std::string& said() const { return said_; }

private:
  void write(Book& book, const std::string& target, double geometry) const {
    const Subject before = book.find(options_.subject) ? *book.find(options_.subject) : Subject{};
    const Face* face = face_named(bank_, target);
    Subject& subject = book.subjects[options_.subject];
    subject.target = target;
    subject.face = face != nullptr ? face->print : "";
    subject.geometry = std::max(subject.geometry, geometry);
    if (subject.target != before.target || subject.face != before.face || subject.geometry != before.geometry)
      book.write(options_.subjects);
  }
  void note(const std::string& target, bool fresh, const std::vector<std::string>& others) {
    const std::string who = "Subject " + options_.subject;
    if (target.empty())
      said_ = who + " has no synthetic face yet: no face of this file was swapped.";
    else if (!others.empty())
      said_ = who + " has the face " + target + ", which " + joined(others, ", ") +
              " has, too. The bank has no target left; add targets (deid target).";
    else
      said_ = who + " has the face " + target + (fresh ? ", from now on." : ", as before.");
  }

  const RunOptions& options_;
  std::vector<Face> bank_;
  Plan plan_;
  std::string said_{};
};

} // namespace

std::vector<Face> faces_of_bank(const std::string& folder) {
  std::optional<fs::path> bank = folder.empty() ? faceswap::default_bank(models::model_dirs()) : folder;
  if (!bank)
    throw Failure("There is no bank of targets: run ./meson-free-scripts/setup, or give --target-bank.");
  std::vector<Face> faces;
  try {
    for (const faceswap::Target& target : faceswap::read_bank(*bank).targets)
      faces.push_back({target.name, print_of(target.image)});
  } catch (const faceswap::TargetError& error) {
    throw Failure(error.what());
  }
  for (const Face& face : faces)
    if (face.name.find(',') != std::string::npos)
      throw Failure("The target '" + face.name + "' has a comma in its name, so a book cannot name it.");
  if (faces.empty())
    throw Failure("The bank " + bank->string() + " holds no target file.");
  return faces;
}

Plan plan_for(const Book& book, const std::string& id, const std::vector<Face>& bank) {
  Plan plan;
  const auto set = [&](const char* property, const std::string& value) {
    plan.settings.push_back({"cover", property, value});
  };
  if (const Subject* subject = book.find(id)) {
    const Face* face = face_named(bank, subject->target);
    if (face == nullptr)
      throw Failure("The book gives '" + id + "' the face " + subject->target +
                    ", which the bank of targets does not have.");
    if (!subject->face.empty() && subject->face != face->print)
      throw Failure("The bank of targets shows another face under the name " + subject->target + " than '" +
                    id +
                    "' had so far. Give the former bank with --target-bank, or write "
                    "another target into the book.");
    plan.known = true;
    set("target-names", subject->target);
    if (subject->geometry > 0)
      set("geometry", number(subject->geometry));
    return plan;
  }
  std::vector<std::string> all, free;
  for (const Face& face : bank) {
    all.push_back(face.name);
    if (book.holders(face.name, id).empty())
      free.push_back(face.name);
  }
  plan.shares = free.empty();
  set("target-names", joined(plan.shares ? all : free, ","));
  return plan;
}

Worn worn_in(const fs::path& audit) {
  std::ifstream in(audit);
  if (!in)
    throw Failure("The audit " + audit.string() + " cannot be read.");
  std::map<std::string, std::pair<int, double>> all; // frames and geometry of each target
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded())
      throw Failure("The audit " + audit.string() + " is damaged.");
    for (const Json& face : json.value("faces", Json::array()))
      if (face.value("treatment", "") == "swapped") {
        auto& [frames, geometry] = all[face.value("target", "")];
        ++frames;
        geometry = std::max(geometry, face.value("geometry", 0.));
      }
  }
  Worn worn;
  int most = 0;
  for (const auto& [target, seen] : all)
    if (!target.empty() && seen.first > most) {
      most = seen.first;
      worn = {target, seen.second};
    }
  return worn;
}

Summary with_book(const RunOptions& options,
                  const std::function<Summary(const RunOptions&, const Hooks&)>& run, const Hooks& hooks) {
  check_id(options.subject);
  const std::vector<Face> bank = faces_of_bank(options.target_bank.value_or(""));
  for (int tries = 1;; ++tries) {
    Attempt attempt(options, bank);
    RunOptions one = without_book(options, attempt.plan().settings);
    std::optional<Workplace> place; // of an audit that nobody asked for
    if (one.audit.empty())
      one.audit = place.emplace(files::folder_of(options.output)).path() / "audit";
    Hooks with = hooks;
    with.audited = [&](const fs::path& audit) { return attempt.enter(audit); };
    try {
      Summary summary = run(one, with);
      summary.audit = options.audit.string();
      summary.notes.push_back(attempt.said());
      if (!options.quiet)
        std::fprintf(stderr, "note: %s\n", attempt.said().c_str());
      return summary;
    } catch (const BookChanged& changed) {
      if (tries == most_tries)
        throw;
      if (!options.quiet)
        std::fprintf(stderr, "note: %s The file is run again.\n", changed.what());
    }
  }
}

RunOptions planned(const RunOptions& options) {
  check_id(options.subject);
  return without_book(options, plan_for(Book::read(options.subjects), options.subject,
                                        faces_of_bank(options.target_bank.value_or("")))
                                   .settings);
}

RunOptions known_to_book(const RunOptions& options) {
  return without_book(options,
                      settings_of(options.subjects, options.subject, options.target_bank.value_or("")));
}

std::vector<Setting> settings_of(const fs::path& book, const std::string& id, const std::string& bank) {
  check_id(id);
  const Plan plan = plan_for(Book::read(book), id, faces_of_bank(bank));
  if (!plan.known)
    throw Failure("The book " + book.string() + " has no subject '" + id +
                  "'. `deid run` enters a subject at its first video.");
  return plan.settings;
}

} // namespace deid::cli::subjects
