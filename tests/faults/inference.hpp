#pragma once
#include <functional>

namespace deid::models {
class Session;
}

namespace deid::test {

/// Runs around every inference of the process while this object lives; the linker puts it between the
/// networks and the engine. It is called instead of the engine; run() calls the engine.
class InferenceFault {
public:
  using Act = std::function<void(models::Session& session, const std::function<void()>& run)>;
  explicit InferenceFault(Act act);
  ~InferenceFault();
  InferenceFault(const InferenceFault&) = delete;
  InferenceFault& operator=(const InferenceFault&) = delete;
};

} // namespace deid::test
