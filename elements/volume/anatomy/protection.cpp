#include "elements/volume/anatomy/protection.hpp"
#include "models/files/sha256.hpp"
#include <algorithm>
#include <limits>
#include <utility>

namespace deid::volume {

Mask protected_voxels(const Description& about, const Brain& brain, double margin) {
  Mask kept;
  kept.reserve(about.voxels());
  for (int k = 0; k < about.size[2]; ++k)
    for (int j = 0; j < about.size[1]; ++j)
      for (int i = 0; i < about.size[0]; ++i) {
        const Point world =
            moved(about.to_world, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const float distance = sample(brain.distance, world, std::numeric_limits<float>::infinity());
        kept.push_back(distance < margin ? 1 : 0);
      }
  return kept;
}

Protection::Protection(std::span<const std::byte> voxels, Mask kept) : kept_(std::move(kept)) {
  if (kept_.empty() || voxels.size() % kept_.size() != 0 || voxels.empty())
    throw std::invalid_argument("the voxels and the mask of those that are kept do not fit each other");
  size_ = voxels.size() / kept_.size();
  count_ =
      static_cast<std::size_t>(std::ranges::count_if(kept_, [](unsigned char cell) { return cell != 0; }));
  if (count_ == 0)
    throw ProtectionError("No voxel of this scan is brain, so nothing can be kept.");
  hash_ = hash_of(voxels);
}

std::string Protection::hash_of(std::span<const std::byte> voxels) const {
  files::Sha256 sum;
  for (std::size_t first = 0; first < kept_.size();) { // a run of kept voxels at a time
    if (kept_[first] == 0) {
      ++first;
      continue;
    }
    std::size_t last = first;
    while (last < kept_.size() && kept_[last] != 0)
      ++last;
    sum.add(voxels.subspan(first * size_, (last - first) * size_));
    first = last;
  }
  return sum.hex();
}

void Protection::verify(std::span<const std::byte> voxels) const {
  if (voxels.size() != kept_.size() * size_)
    throw ProtectionError("The scan has another number of voxels than before.");
  if (hash_of(voxels) != hash_)
    throw ProtectionError("A voxel of the brain was changed.");
}

} // namespace deid::volume
