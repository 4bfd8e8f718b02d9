#include "pipelines/deid/archive/decide.hpp"

namespace deid::archive {
namespace {

const char* const changed_result =
    "Its result was changed after it was made. Move it away, or use --overwrite to make it again.";
const char* const other_options =
    "Its result was made with other options. Move it away, or use --overwrite to make it again.";

Decision of_done(const FileState& state, const Facts& facts) {
  if (!facts.exists || facts.overwrite)
    return {.act = Act::run, .replace = facts.overwrite};
  Decision decision;
  if (facts.result_differs(state.result, decision.refresh))
    return {.act = Act::refuse, .why = changed_result};
  if (state.options != facts.options)
    return {.act = Act::refuse, .why = other_options};
  bool touched = false;
  if (facts.input_differs(state.input, touched))
    return {.act = Act::run, .replace = true};
  return {.act = Act::skip, .refresh = decision.refresh || touched, .why = "done before"};
}

/// A process ended without an end of its record.
Decision of_killed(const FileState& state, const Facts& facts) {
  if (!facts.exists || facts.overwrite || state.replaces)
    return {.act = Act::run, .replace = facts.exists};
  if (state.options != facts.options)
    return {.act = Act::refuse, .why = other_options};
  return {.act = Act::adopt};
}

} // namespace

Decision decide(const std::optional<FileState>& state, const Facts& facts) {
  const Status status = state ? state->status : Status::waiting;
  if (status == Status::done)
    return of_done(*state, facts);
  if (status == Status::working)
    return of_killed(*state, facts);
  if (facts.exists && !facts.overwrite)
    return {.act = Act::skip, .why = "done before"};
  return {.act = Act::run, .replace = facts.overwrite};
}

} // namespace deid::archive
