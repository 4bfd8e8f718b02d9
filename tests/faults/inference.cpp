#include "tests/faults/inference.hpp"
#include "models/session/session.hpp"
#include <memory>
#include <mutex>

namespace {

std::mutex& lock() {
  static std::mutex mutex;
  return mutex;
}

std::shared_ptr<deid::test::InferenceFault::Act>& current() {
  static std::shared_ptr<deid::test::InferenceFault::Act> act;
  return act;
}

std::shared_ptr<deid::test::InferenceFault::Act> act_now() {
  const std::lock_guard guard(lock());
  return current();
}

} // namespace

// Session::infer() and what the linker calls instead of it (--wrap); a member function gets `this` as its
// first argument.
void real_infer(deid::models::Session* session) __asm__("__real__ZN4deid6models7Session5inferEv");
void wrapped_infer(deid::models::Session* session) __asm__("__wrap__ZN4deid6models7Session5inferEv");

void wrapped_infer(deid::models::Session* session) {
  const auto act = act_now();
  if (act)
    (*act)(*session, [session] { real_infer(session); });
  else
    real_infer(session);
}

namespace deid::test {

InferenceFault::InferenceFault(Act act) {
  const std::lock_guard guard(lock());
  current() = std::make_shared<Act>(std::move(act));
}

InferenceFault::~InferenceFault() {
  const std::lock_guard guard(lock());
  current().reset();
}

} // namespace deid::test
