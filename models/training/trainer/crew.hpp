#pragma once
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace deid::training {

/// Threads that stay, each computing alone. libtorch's own way to use two cores splits every layer and makes
/// the threads wait for each other in a busy loop hundreds of times a step: with any other work on the
/// machine that cost four times the processor time of one thread. Here they meet once a step. Threads: run()
/// from one at a time.
class Crew {
public:
  /// threads: at least 1.
  explicit Crew(int threads);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  [[nodiscard]] std::size_t size() const { return threads_.size(); }
  /// Does job(0) .. job(count - 1); job i always in thread i modulo size(). Returns when all are done; throws
  /// what the first of them threw.
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
