#pragma once
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace deid::training {

/// Threads that live as long as the crew and compute independently. libtorch's own use of two cores splits
/// every layer; its threads wait for each other in a busy loop hundreds of times a step. With other work on
/// the machine that cost four times the processor time of one thread. The crew's threads wait for each other
/// once a step. Threads: run() from one at a time.
class Crew {
public:
  /// threads: at least 1.
  explicit Crew(int threads);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  [[nodiscard]] std::size_t size() const { return threads_.size(); }
  /// Runs job(0) .. job(count - 1); job i always runs in thread i modulo size(). Returns when all are done.
  /// Rethrows the first exception of a job.
  void run(std::size_t count, const std::function<void(std::size_t)>& job);

private:
  void work(std::size_t place);
  std::mutex lock_{};
  std::condition_variable begin_{}, done_{};
  const std::function<void(std::size_t)>* job_ = nullptr;
  std::size_t count_ = 0, busy_ = 0, round_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_{};
  std::vector<std::thread> threads_{};
};

} // namespace deid::training
