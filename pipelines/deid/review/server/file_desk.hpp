#pragma once
#include "pipelines/deid/review/server/desk.hpp"
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace deid::review::page {

/// A desk for files. A thread opens a video and then takes the second look at it, while the page is in use.
/// Thread: any.
class FileDesk : public Desk {
public:
  struct Item {
    std::string name{}; ///< tells the videos of a batch apart
    Files files{};
  };
  /// Begins to open the video when there is only one. list: the answer of batch(). Requires an item.
  FileDesk(std::vector<Item> items, const SessionOptions& options, std::function<Json()> list);
  ~FileDesk() override; ///< stops what the thread does and waits for it

  Json status() override;
  std::shared_ptr<Opened> opened() override;
  Json batch() override { return list_(); }
  void open(const std::string& name) override;

private:
  void work(const Item& item);
  std::shared_ptr<Opened> make(const Item& item) const;
  void look(Opened& opened);
  void stop_thread();
  enum class Look { waiting, running, done, failed };
  const std::vector<Item> items_;
  const SessionOptions options_;
  const std::function<Json()> list_;
  std::mutex mutex_{}, opening_{};                  ///< opening_: held while a thread is begun
  std::string state_ = "choose", name_{}, error_{}; ///< these, look_ and opened_ are guarded by mutex_
  Look look_ = Look::waiting;
  std::shared_ptr<Opened> opened_{};
  std::atomic<double> progress_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_{}; ///< guarded by opening_
};

} // namespace deid::review::page
