#include "pipelines/deid/archive/database.hpp"
#include "pipelines/deid/archive/moments.hpp"
#include "pipelines/deid/failure.hpp"
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <stdexcept>

namespace deid::archive {
namespace fs = std::filesystem;
namespace {

constexpr const char* tables = R"(
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
PRAGMA user_version = 1;
PRAGMA foreign_keys = ON;
CREATE TABLE video (
  id INTEGER PRIMARY KEY, output TEXT NOT NULL UNIQUE, status TEXT NOT NULL, why TEXT, method TEXT, version TEXT,
  frames INTEGER NOT NULL, faces INTEGER, frames_covered INTEGER, frames_dropped INTEGER, frames_in_doubt INTEGER,
  frames_missing INTEGER, seconds REAL, sha256 TEXT, attempts INTEGER NOT NULL, audited INTEGER NOT NULL);
CREATE TABLE moment (
  id INTEGER PRIMARY KEY, video INTEGER NOT NULL REFERENCES video(id), first_frame INTEGER NOT NULL,
  last_frame INTEGER NOT NULL, begin_s REAL NOT NULL, end_s REAL NOT NULL, face INTEGER, origin TEXT,
  treatment TEXT NOT NULL, reason TEXT, target TEXT, least_distance REAL, least_score REAL);
CREATE INDEX moment_of_video ON moment(video, first_frame);
BEGIN;
)";

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// An open database that is written.
class Database {
public:
  explicit Database(const fs::path& file) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    db_.reset(db);
    check(code);
  }
  void run(const char* sql) { check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr)); }
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
      throw cli::Failure(std::string("The database cannot be written: ") + sqlite3_errmsg(db_.get()) + ".");
  }
  [[nodiscard]] sqlite3* get() const { return db_.get(); }

private:
  std::unique_ptr<sqlite3, CloseDatabase> db_{};
};

/// One INSERT that is used again and again.
class Insert {
public:
  Insert(const Database& db, const char* sql) : db_(db) {
    sqlite3_stmt* statement = nullptr;
    db.check(sqlite3_prepare_v2(db.get(), sql, -1, &statement, nullptr));
    statement_.reset(statement);
  }
  Insert& add(std::int64_t value) { return bound(sqlite3_bind_int64(statement_.get(), ++at_, value)); }
  Insert& add(std::uint64_t value) { return add(static_cast<std::int64_t>(value)); }
  Insert& add(double value) { return bound(sqlite3_bind_double(statement_.get(), ++at_, value)); }
  /// An empty text becomes NULL.
  Insert& add(const std::string& text) {
    if (text.empty())
      return none();
    return bound(sqlite3_bind_text(statement_.get(), ++at_, text.data(), static_cast<int>(text.size()),
                                   SQLITE_TRANSIENT)); // NOLINT(performance-no-int-to-ptr): its macro
  }
  template <class Value> Insert& add(const std::optional<Value>& value) {
    return value ? add(*value) : none();
  }
  Insert& none() { return bound(sqlite3_bind_null(statement_.get(), ++at_)); }
  std::int64_t run() {
    db_.check(sqlite3_step(statement_.get()));
    db_.check(sqlite3_reset(statement_.get()));
    at_ = 0;
    return sqlite3_last_insert_rowid(db_.get());
  }

private:
  Insert& bound(int code) {
    db_.check(code);
    return *this;
  }
  const Database& db_;
  std::unique_ptr<sqlite3_stmt, EndStatement> statement_{};
  int at_ = 0;
};

std::int64_t add_video(Insert& insert, const Entry& entry, bool audited) {
  const FileState& s = entry.state;
  insert.add(s.output).add(entry.status).add(entry.why).add(s.method).add(s.version).add(entry.frames);
  if (s.status == Status::done)
    insert.add(s.faces).add(s.covered).add(s.dropped).add(s.doubts).add(s.missing).add(s.seconds).add(
        s.result.sha256);
  else
    for (int i = 0; i < 7; ++i)
      insert.none();
  return insert.add(static_cast<std::int64_t>(s.attempts.size())).add(std::int64_t{audited}).run();
}

void add_moment(Insert& insert, std::int64_t video, const Moment& m) {
  insert.add(video).add(m.first).add(m.last).add(m.begin).add(m.end);
  insert.add(m.face ? std::optional<std::int64_t>(*m.face) : std::nullopt);
  insert.add(m.origin).add(m.treatment).add(m.reason).add(m.target).add(m.distance);
  insert.add(m.face ? std::optional<double>(m.score) : std::nullopt).run();
}

/// Returns the moments of a result; nothing when it has no audit that can be read.
std::optional<std::vector<Moment>> audited(const Entry& entry, const fs::path& audits,
                                           std::vector<Skipped>& skipped) {
  if (audits.empty() || entry.state.status != Status::done)
    return std::nullopt;
  if (entry.state.audit.empty()) {
    skipped.push_back({entry.state.output, "it was made without an audit"});
    return std::nullopt;
  }
  try {
    return moments_of(audits / entry.state.audit);
  } catch (const std::runtime_error& e) {
    skipped.push_back({entry.state.output, e.what()});
    return std::nullopt;
  }
}

} // namespace

std::vector<Skipped> write_database(const fs::path& file, const Overview& overview, const fs::path& audits) {
  std::vector<Skipped> skipped;
  Database db(file);
  db.run(tables);
  {
    Insert video(db, "INSERT INTO video (output, status, why, method, version, frames, faces, frames_covered,"
                     " frames_dropped, frames_in_doubt, frames_missing, seconds, sha256, attempts, audited)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Insert moment(db, "INSERT INTO moment (video, first_frame, last_frame, begin_s, end_s, face, origin,"
                      " treatment, reason, target, least_distance, least_score)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Entry& entry : overview.entries) {
      const auto moments = audited(entry, audits, skipped);
      const std::int64_t id = add_video(video, entry, moments.has_value());
      if (moments)
        for (const Moment& one : *moments)
          add_moment(moment, id, one);
    }
  }
  db.run("COMMIT;");
  return skipped;
}

} // namespace deid::archive
