#include "models/training/trainer/crew.hpp"
#include <algorithm>
#include <ATen/Parallel.h>

namespace deid::training {

Crew::Crew(int threads) {
  for (int i = 0; i < std::max(1, threads); ++i)
    threads_.emplace_back([this, i] { work(static_cast<std::size_t>(i)); });
}

Crew::~Crew() {
  {
    const std::scoped_lock guard(lock_);
    ended_ = true;
  }
  begin_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

void Crew::run(std::size_t count, const std::function<void(std::size_t)>& job) {
  std::unique_lock guard(lock_);
  job_ = &job;
  count_ = count;
  busy_ = threads_.size();
  failure_ = nullptr;
  ++round_;
  begin_.notify_all();
  done_.wait(guard, [this] { return busy_ == 0; });
  if (failure_)
    std::rethrow_exception(failure_);
}

void Crew::work(std::size_t place) {
  at::set_num_threads(1); // of this thread only
  for (std::size_t seen = 0;;) {
    std::unique_lock guard(lock_);
    begin_.wait(guard, [&] { return ended_ || round_ != seen; });
    if (ended_)
      return;
    seen = round_;
    const std::size_t count = count_;
    guard.unlock();
    std::exception_ptr failure;
    try {
      for (std::size_t i = place; i < count; i += threads_.size())
        (*job_)(i);
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
    guard.lock();
    if (failure && !failure_)
      failure_ = failure;
    if (--busy_ == 0)
      done_.notify_one();
  }
}

} // namespace deid::training
