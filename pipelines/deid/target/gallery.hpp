#pragma once
#include "elements/faceswap/target/target.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/faceres/faceres.hpp"
#include "pipelines/deid/target/mixture.hpp"
#include <span>

namespace deid::cli {

/// A drawn face that shows nobody, as the recognisers describe it.
struct Stranger {
  models::Descriptor first{};                   ///< of dlib
  std::optional<models::FaceFeatures> second{}; ///< of the second judge; nothing: it is not installed
};

/// What a gallery is drawn from.
struct GalleryPlan {
  std::size_t shapes = 0, textures = 0; ///< number of sitters of each kind
  std::size_t people = 0;               ///< wanted
  std::uint64_t seed = 1;
  std::span<const models::Descriptor> sitters{};
};

/// Draws the strangers of a plan. Each is farther than dlib's limit from every sitter, and clearly another
/// person than every stranger before. draw: returns the face of a mixture, or nothing when the mixture makes
/// no face. Throws Failure when so many different faces cannot be drawn from these sitters.
std::vector<Stranger> drawn_strangers(const GalleryPlan& plan,
                                      const std::function<std::optional<Stranger>(const Mixture&)>& draw);

/// Writes the gallery file of these strangers, whole or not at all. Throws Failure.
void write_gallery(const std::filesystem::path& file, std::span<const Stranger> strangers);

} // namespace deid::cli
