#pragma once
#include "pipelines/deid/review/compile.hpp"
#include "pipelines/deid/review/lock.hpp"
#include "pipelines/deid/review/moments.hpp"
#include "pipelines/deid/review/pictures.hpp"
#include "pipelines/deid/review/record.hpp"
#include "pipelines/deid/review/session.hpp"
#include "pipelines/deid/review/sheet.hpp"
#include "pipelines/deid/review/store.hpp"
#include <mutex>
#include <optional>

namespace deid::review {

/// Lowers a flag at the end of what it stands for, also after an exception.
class Raised {
public:
  Raised(std::mutex& mutex, bool& flag) : mutex_(mutex), flag_(flag) {}
  ~Raised() {
    const std::scoped_lock guard(mutex_);
    flag_ = false;
  }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

private:
  std::mutex& mutex_;
  bool& flag_;
};

/// The session on files.
class FileSession final : public Session {
public:
  FileSession(const Files& files, const SessionOptions& options);

  Json video() const override;
  Json moments() const override;
  Json sheet() const override;
  Json sheets() const override;
  Json person_sheet(int person) const override;
  void look(const std::function<bool(double)>& progress) override;
  Json timeline() const override;
  Json state() const override;
  Json frame(int index) const override;
  Json apply(const Json& operation) override;
  Json undo() override;
  Json redo() override;
  Json render(const std::function<bool(double)>& progress) override;
  Json sign(const Json& who) override;
  Json check() const override;

private:
  void take_stored();
  void take_look();
  void judge();
  void save(Stored changed);
  void move_to(std::size_t position);
  [[nodiscard]] Json state_locked() const;
  [[nodiscard]] Json signed_locked() const;
  [[nodiscard]] Json record_of(const Json& operation);
  [[nodiscard]] Json drawn(const Json& operation);
  void name_unwanted(Json& record) const;
  [[nodiscard]] Json moved(const Json& operation);
  [[nodiscard]] Json sheet_json(const Sheet& sheet) const;
  [[nodiscard]] const Moment& moment_of(const std::string& id) const;
  Json mark_seen(const Json& operation);
  Pictures& pictures();
  void keep_render(const Stored& snapshot);
  [[nodiscard]] std::vector<std::string> content_problems() const;

  Files files_;
  SessionOptions options_;
  Beside beside_;
  std::optional<Lock> lock_{};
  Audited audited_;
  Bounds bounds_;
  std::string audit_sum_{};
  mutable std::mutex mutex_{}; ///< guards all below
  Stored stored_{};
  Edits edits_;
  std::optional<Looked> looked_{};
  std::vector<Event> events_{};
  Moments moments_{};
  std::optional<Pictures> pictures_{};
  bool rendering_ = false, looking_ = false;
};

} // namespace deid::review
