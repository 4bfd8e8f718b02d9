#pragma once
#include "elements/mriremodel/choice.hpp"
#include "elements/mriremodel/fill.hpp"
#include "elements/mriremodel/people.hpp"
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

/// A scan gets another head. Plain C++.
namespace deid::mriremodel {

enum class Method : std::uint8_t {
  random,     ///< a head drawn by chance, the farthest of several
  average,    ///< the population's mean head
  zero,       ///< the face is set to nothing
  quickshear, ///< all before a plane is set to nothing
  blur        ///< the face is blurred by 6 mm
};
[[nodiscard]] const char* name_of(Method method);
/// Whether the method gives a new head, and so is held to all gates.
[[nodiscard]] bool gives_a_head(Method method);

struct Settings {
  Method method = Method::random;
  std::uint64_t seed = 0; ///< 0: by chance, and told to nobody
  int candidates = 16;    ///< heads whose pictures are compared
  Modality modality = Modality::guessed;
};

/// What was done, and how it was checked. It holds neither the seed nor a descriptor.
struct Report {
  Method method = Method::random;
  int candidates = 0;
  bool ct = false;
  volume::Registration found{};
  double brain_ml = 0;
  std::size_t voxels = 0, kept = 0;        ///< of the scan; proven to be as before
  std::size_t changed = 0;                 ///< voxels with another bit
  std::size_t changed_behind = 0;          ///< of these where nothing may change; always 0
  std::string hash_before{}, hash_after{}; ///< of the kept voxels
  Filled filled{};
  Comparison skin{};                           ///< of the new head to the old one
  double old_kept = 0;                         ///< share of the old face's outer 10 mm that is as before
  std::optional<double> to_own{}, strangers{}; ///< distances of descriptors: to the own head; of others to it
  int gallery = 0;                             ///< strangers that the own head was hidden among
  std::array<double, 5> seconds{};             ///< study, choice, fill, proof, all
};

/// What is loaded once. Threads: one at a time.
struct Resources {
  volume::BrainTemplate known{};
  std::unique_ptr<People> people{};
  std::unique_ptr<Recogniser> recogniser{};
};

/// Changes the voxels in place. Throws RemodelError, volume::RegistrationError and volume::ProtectionError:
/// then the voxels may be half changed and must not leave.
Report remodel(const volume::Description& about, std::span<std::byte> voxels, Resources& resources,
               const Settings& settings);

} // namespace deid::mriremodel
