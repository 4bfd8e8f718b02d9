// What happens to people beside each other, to those who are lost, and behind hands.
#include "tests/elements/faceswap/swapper_fixture.hpp"

namespace deid::faceswap {
namespace {

std::string named(const cover::Overlay& overlay) {
  return overlay.done.substr(0, overlay.done.find_first_of(",("));
}

TEST_F(SwapperTest, NobodyInAGroupChangesTheTargetOnceItWasDrawn) {
  std::vector<Descriptor> nine;
  for (std::size_t i = 0; i < 9; ++i)
    nine.push_back(at(i, .9));
  begin(loaded(nine));
  int tries = 0;
  describer_->result = [&tries] { return at(40, ++tries % 3 == 2 ? 1 : .7F); }; // others look better
  std::map<std::size_t, std::string> worn;
  const std::vector<Face> three{{1, {20, 80, 120, 150}, of_a_crowd(0)},
                                {2, {220, 80, 120, 150}, of_a_crowd(3)},
                                {3, {420, 80, 120, 150}, of_a_crowd(6)}};
  for (int i = 0; i < 40; ++i) {
    const auto now = frame(three);
    for (std::size_t k = 0; k < three.size(); ++k)
      if (drawn(now.overlays.at(k))) {
        EXPECT_EQ(worn.try_emplace(k, named(now.overlays.at(k))).first->second, named(now.overlays.at(k)))
            << i << ": " << three[k].id;
      }
  }
  EXPECT_EQ(worn.size(), 3U);
}

} // namespace
} // namespace deid::faceswap
