#include "elements/faceswap/face_state.hpp"
#include "elements/faceswap/tuning.hpp"

namespace deid::faceswap {

bool FaceStates::absent_for_long(const FaceState& state) const {
  return number_ - state.last > tuning::memory_frames;
}

void FaceStates::begin_frame(std::span<const std::uint32_t> ids) {
  ++number_;
  for (const std::uint32_t id : ids)
    if (FaceState& state = states_[id]; state.last + 1 < number_)
      state.hands = {};
}

FaceState& FaceStates::at_gate(std::uint32_t id) {
  FaceState& state = states_.at(id);
  if (absent_for_long(state)) {
    state.gate = {};
    state.render = {};
  }
  state.last = number_;
  return state;
}

std::vector<FaceIdentity*> FaceStates::identities() {
  std::vector<FaceIdentity*> all;
  for (auto& [id, state] : states_)
    all.push_back(&state.identity);
  return all;
}

void FaceStates::end_frame() {
  for (auto& [id, state] : states_)
    if (absent_for_long(state))
      state = {.identity = std::move(state.identity), .last = state.last};
  std::erase_if(states_, [this](const auto& entry) {
    return absent_for_long(entry.second) && !entry.second.identity.subject;
  });
}

void FaceStates::flush(bool identities) {
  if (identities)
    states_.clear();
  for (auto& [id, state] : states_)
    state = {.identity = std::move(state.identity), .last = state.last};
}

} // namespace deid::faceswap
