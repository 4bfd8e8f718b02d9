#pragma once
#include "elements/measures/identity/state.hpp"
#include "elements/measures/statistics/running_stats.hpp"
#include "elements/meta/secret.hpp"
#include "models/descriptor/descriptor.hpp"
#include <array>
#include <map>

namespace deid::identity {

using models::Descriptor;

/// The descriptors of one face in one measured frame. A descriptor is absent when the network found no face.
struct FaceDescriptors {
  std::uint32_t id = 0;
  State state = State::unknown;
  std::optional<Descriptor> original{}, deidentified{};
  std::optional<Descriptor> target{}; ///< of the target's face
};

/// Euclidean distances from the de-identified face.
struct FaceDistances {
  std::optional<double> original{}; ///< to the original face in the same frame
  std::optional<double> average{};  ///< to the mean of this id's originals so far, this frame included
  std::optional<double> target{};
};

/// Distances of all faces of one state.
struct Figures {
  statistics::RunningStats original{}, average{}, target{};
  void add(const Figures& other);
};

/// Shows whether a face of the result is nearer to its own person than to others.
struct Recognition {
  std::optional<double> area{};   ///< see statistics::roc_area()
  std::size_t people = 0;         ///< people; ids whose mean originals are within the threshold count as one
  std::size_t own = 0, other = 0; ///< distances compared
};

/// The figures of one id.
struct PersonFigures {
  std::uint32_t id = 0;
  std::uint64_t originals = 0; ///< number of descriptors in the mean
  statistics::RunningStats original{}, final_average{};
};

/// Figures that need the mean of all originals of an id, so they exist only at the end.
struct Ending {
  std::array<statistics::RunningStats, state_count> final_average{}; ///< distances of the kept results
  std::uint64_t kept_every = 1;                                      ///< every n-th result of an id was kept
  Recognition recognition{};
  std::vector<PersonFigures> people{};
};

/// Collects distances of a stream, one face at a time. It holds mean descriptors, and descriptors of results
/// for ending(). The destructor overwrites both. Not thread-safe.
class Ledger {
public:
  static constexpr std::size_t most_kept = 65'536; ///< results, 512 bytes each
  /// threshold: from this distance on two faces are two people [0..]. most: number of results kept for
  /// ending(). When more come, every second kept result is dropped.
  explicit Ledger(double threshold, std::size_t most = most_kept);

  FaceDistances add(const FaceDescriptors& sample);
  [[nodiscard]] const Figures& figures(State state) const {
    return figures_.at(static_cast<std::size_t>(state));
  }
  [[nodiscard]] Figures all() const;
  [[nodiscard]] std::uint64_t faces(State state) const { return faces_.at(static_cast<std::size_t>(state)); }
  [[nodiscard]] Ending ending() const;

private:
  struct Person {
    SecretDoubles sum{}; ///< 128, of the originals' descriptors
    std::uint64_t originals = 0;
    std::uint64_t results = 0;
    statistics::RunningStats original{};
  };
  struct Kept {
    std::uint32_t id;
    State state;
    std::uint64_t number; ///< position among the id's results
  };
  void keep(const FaceDescriptors& sample, Person& person);
  void thin_out();
  [[nodiscard]] std::map<std::uint32_t, SecretFloats> means() const;
  [[nodiscard]] Recognition recognise(const std::map<std::uint32_t, SecretFloats>& means) const;

  double threshold_;
  std::size_t most_;
  std::array<Figures, state_count> figures_{};
  std::array<std::uint64_t, state_count> faces_{};
  std::map<std::uint32_t, Person> people_{};
  std::vector<Kept> kept_{};
  SecretFloats values_{}; ///< 128 for each of kept_
  std::uint64_t every_ = 1;
};

} // namespace deid::identity
