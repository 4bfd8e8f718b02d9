#pragma once
#include "pipelines/deid/failure.hpp"
#include <string>

namespace deid::test {

/// Returns what a call refuses with; empty: it was not refused.
template <class Call> std::string refused(Call&& call) {
  try {
    call();
    return "";
  } catch (const cli::Failure& e) {
    return e.what();
  }
}

} // namespace deid::test
