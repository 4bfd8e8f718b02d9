#pragma once
#include <functional>

namespace deid::models {
class Session;
}

namespace deid::test {

/// What happens around every inference of the process while this lives; the linker puts it between the
/// networks and the engine. Called instead of the engine; run() is the engine.
class InferenceFault {
public:
  using Act = std::function<void(models::Session& session, const std::function<void()>& run)>;
  explicit InferenceFault(Act act);
  ~InferenceFault();
  InferenceFault(const InferenceFault&) = delete;
  InferenceFault& operator=(const InferenceFault&) = delete;
};

} // namespace deid::test
