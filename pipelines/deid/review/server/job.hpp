#pragma once
#include "pipelines/deid/review/server/desk.hpp"
#include <atomic>
#include <mutex>
#include <thread>

namespace deid::review::page {

/// Renders in a thread of its own, one video at a time. Thread: any.
class RenderJob {
public:
  ~RenderJob(); ///< stops a running render and waits for it
  /// Begins. Throws UserError while a render runs.
  void start(std::shared_ptr<Opened> opened);
  void stop();
  /// {state: "idle", "running", "done", "failed" or "stopped", progress [0..1], result or null, error or
  /// null}
  Json status() const;

private:
  void work(const std::shared_ptr<Opened>& opened);
  void end(const char* state, Json result, Json error);
  mutable std::mutex mutex_{};
  std::string state_ = "idle"; ///< guarded by mutex_
  Json result_, error_;        ///< guarded by mutex_
  std::atomic<double> progress_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_{}; ///< guarded by mutex_
};

} // namespace deid::review::page
