#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "models/statistics/median.hpp"
#include <array>
#include <cmath>

namespace deid::faceswap {

namespace {

cv::Vec3d real(const cv::Vec3b& c) {
  return {static_cast<double>(c[0]), static_cast<double>(c[1]), static_cast<double>(c[2])};
}

/// Differences between the subject's skin and the target's skin after the transfer, and their places on the
/// face.
struct Differences {
  std::vector<cv::Vec3f> levels{};
  std::vector<cv::Point2f> places{};
};

Differences differences(const std::array<SkinSamples, 2>& all, const Transfer& transfer) {
  Differences out;
  for (const SkinSamples& samples : all)
    for (std::size_t i = 0; i < samples.subject.size(); ++i) {
      out.levels.emplace_back(real(samples.subject[i]) -
                              transferred(transfer, real(samples.target[i]), samples.places[i]));
      out.places.push_back(samples.on_face[i]);
    }
  return out;
}

/// Compares the differences with the remembered light, the lower face apart from the rest.
void watch_mouth(const Differences& seen, const Light& light, std::optional<double> skin,
                 HiddenMouth& mouth) {
  std::vector<float> odd, above;
  for (std::size_t i = 0; i < seen.levels.size(); ++i) {
    const cv::Vec3f d = seen.levels[i] - light.at(seen.places[i]);
    odd.push_back((d[0] + d[1] + d[2]) / 3);
    if (seen.places[i].y < tuning::skin::below)
      above.push_back(odd.back());
  }
  if (above.empty() || above.size() == odd.size())
    return;
  // a lamp that is switched on changes the whole face
  const float middle = statistics::upper_median(above);
  double lower = 0, upper = 0;
  for (std::size_t i = 0; i < odd.size(); ++i)
    (seen.places[i].y < tuning::skin::below ? upper : lower) +=
        std::abs(static_cast<double>(odd[i] - middle));
  mouth.watch(lower / static_cast<double>(odd.size() - above.size()),
              upper / static_cast<double>(above.size()), skin);
}

void learn_light(Differences seen, std::optional<double> skin, SkinMemory& memory) {
  watch_mouth(seen, memory.light, skin, memory.mouth);
  if (memory.mouth.now()) { // the lower face is hidden
    for (std::size_t i = 0; i < seen.levels.size(); ++i)
      if (seen.places[i].y >= tuning::skin::below)
        seen.levels[i] = memory.light.at(seen.places[i]);
  }
  memory.light.learn(seen.levels, seen.places, tuning::skin::skin_share);
}

} // namespace

std::optional<Transfer> learn_skin(const SkinSamples& inside, const std::function<SkinSamples()>& rim,
                                   bool measure, const SkinInMouth& in_mouth, SkinMemory& memory) {
  const bool sure = measure && inside.subject.size() >= tuning::skin::least_skin;
  if (sure) {
    const Palette now = palette_of(inside.subject, inside.places);
    memory.palette = memory.palette ? blend(*memory.palette, now, tuning::skin::skin_share) : now;
  }
  if (!memory.palette || inside.target.empty())
    return {};
  const Transfer transfer = faceswap::transfer(palette_of(inside.target, inside.places), *memory.palette);
  if (sure)
    learn_light(differences({inside, rim()}, transfer), in_mouth(memory.palette->mean), memory);
  return transfer;
}

} // namespace deid::faceswap
