// Render, sign and check: what a session does with the whole files.
#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/review/render.hpp"
#include "pipelines/deid/review/session_impl.hpp"
#include "pipelines/deid/run/facts.hpp"
#include <ctime>
#include <unistd.h>

namespace deid::review {

namespace fs = std::filesystem;

namespace {

/// A copy of the review that a child reads while the person goes on. It is removed with this object.
class Snapshot {
public:
  Snapshot(const fs::path& review, const Stored& stored)
      : file_(review.parent_path() / (".deid-" + std::to_string(getpid()) + ".review.json")) {
    save_review(file_, stored);
  }
  ~Snapshot() {
    std::error_code ec;
    fs::remove(file_, ec);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  [[nodiscard]] const fs::path& file() const { return file_; }

private:
  fs::path file_;
};

std::string now() {
  const std::time_t t = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&t, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

} // namespace

Json FileSession::render(const std::function<bool(double)>& progress) {
  Stored snapshot;
  std::size_t changed = 0;
  {
    const std::scoped_lock guard(mutex_);
    if (rendering_)
      throw UserError("The video is rendered at this moment. Wait until it is done.");
    snapshot = stored_;
    changed = compiled(audited_, edits_).changes.size();
    rendering_ = true;
  }
  const Raised raised(mutex_, rendering_);
  const Snapshot copy(files_.review, snapshot);
  const fs::path program = options_.program.empty() ? cli::this_program() : options_.program;
  run_child(program,
            {"run", "--from", copy.file().string(), "-o", beside_.rendered.string(), "--audit",
             beside_.rendered_audit.string(), "--overwrite"},
            progress);
  keep_render(snapshot);
  return {{"changed_frames", changed}, {"output", beside_.rendered.filename().string()}};
}

/// Notes what was rendered, when it is what it should be.
void FileSession::keep_render(const Stored& snapshot) {
  const Audited made = read_audit(beside_.rendered_audit);
  const audit::FileFacts facts = cli::facts_of(beside_.rendered);
  if (made.run.result != facts || made.run.original != audited_.run.original ||
      made.frames.size() != audited_.frames.size())
    throw UserError("The rendered video does not fit its audit. Render again.");
  const std::scoped_lock guard(mutex_);
  Stored changed = stored_;
  changed.rendered = {{"output", beside_.rendered.string()},
                      {"sha256", facts.sha256},
                      {"bytes", facts.bytes},
                      {"audit_sha256", models::sha256_of(beside_.rendered_audit)},
                      {"edits", sum_of_edits(snapshot)}};
  save(std::move(changed));
}

std::vector<std::string> FileSession::content_problems() const {
  std::vector<std::string> problems;
  const Bound final = final_result(stored_);
  std::vector<std::pair<const Bound*, const char*>> all{
      {&stored_.original, "video"}, {&stored_.result, "result"}, {&stored_.audit, "audit"}};
  if (!stored_.rendered.is_null())
    all.emplace_back(&final, "rendered result");
  for (const auto& [file, what] : all)
    try {
      check_content(*file, what);
    } catch (const UserError& e) {
      problems.emplace_back(e.what());
    }
  std::error_code ec;
  if (!stored_.rendered.is_null() &&
      (!fs::exists(beside_.rendered_audit, ec) ||
       models::sha256_of(beside_.rendered_audit) != stored_.rendered["audit_sha256"].get<std::string>()))
    problems.emplace_back("The audit of the rendered video has changed. Render again.");
  return problems;
}

Json FileSession::sign(const Json& who) {
  const Signer signer = signer_in(who);
  const std::scoped_lock guard(mutex_);
  if (!looked_)
    throw UserError("The second look at the result was not taken yet. Wait until it is done.");
  if (const auto problems = content_problems(); !problems.empty())
    throw UserError(problems.front());
  std::error_code ec;
  const Json before = fs::exists(beside_.record, ec) ? load_record(beside_.record) : Json(nullptr);
  if (signer.second && !before.is_null() && !problems_of(beside_.record).empty())
    throw UserError("The first reader's record is not true any more. The first reader signs again.");
  const Json record = signed_record(stored_, moments_, edits_, signer, now(), before);
  if (!signer.leave.empty()) {
    Stored changed = stored_;
    for (const std::string& id : unseen(moments_, stored_))
      if (signer.leave.contains(id))
        changed.left[id] = signer.why;
    save(std::move(changed));
  }
  try {
    files::write_whole(beside_.page, page_of(record), 0600);
    files::write_whole(beside_.record, record.dump(1) + "\n", 0600);
  } catch (const files::WriteError& e) {
    throw UserError(e.what());
  }
  return record;
}

Json FileSession::check() const {
  const std::scoped_lock guard(mutex_);
  std::vector<std::string> problems;
  std::error_code ec;
  if (!fs::exists(beside_.record, ec))
    problems.emplace_back("Nobody has signed yet.");
  else
    problems = problems_of(beside_.record);
  for (const std::string& problem : content_problems())
    problems.push_back(problem);
  if (is_dirty(stored_, edits_))
    problems.emplace_back("Corrections are newer than the result. Render again and sign again.");
  return {{"fine", problems.empty()}, {"problems", problems}};
}

} // namespace deid::review
