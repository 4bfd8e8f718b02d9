#pragma once
#include "elements/identitymeter/tally.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/secret.hpp"
#include "models/descriptor/descriptor.hpp"
#include <array>
#include <map>

namespace deid::identity {

using models::Descriptor;

/// What was done to a face; unknown: nobody says.
enum class State : std::uint8_t { swapped, blurred, covered, none, unknown };
constexpr std::size_t state_count = 5;
const char* to_string(State state);
State state_of(Treatment treatment);

/// One face of one measured frame. What could not be described is absent.
struct Sample {
  std::uint32_t id = 0;
  State state = State::unknown;
  std::optional<Descriptor> original{}, deidentified{};
  std::optional<Descriptor> target{}; ///< of the face that was drawn
};

/// From the de-identified face, Euclidean.
struct Distances {
  std::optional<double> original{}; ///< to the same face of the same frame before
  std::optional<double> average{};  ///< to the mean of all originals of this id so far, this one included
  std::optional<double> target{};
};

/// Distances of the faces of one state.
struct Figures {
  Tally original{}, average{}, target{};
  void add(const Figures& other);
};

/// Whether a face of the result is nearer to its own person than to others.
struct Recognition {
  std::optional<double> area{};   ///< see roc_area()
  std::size_t people = 0;         ///< ids whose originals' means are within the threshold count as one
  std::size_t own = 0, other = 0; ///< distances compared
};

/// Of one id.
struct PersonFigures {
  std::uint32_t id = 0;
  std::uint64_t originals = 0; ///< descriptors in the mean
  Tally original{}, final_average{};
};

/// What can only be said at the end: against the mean of all originals of an id.
struct Ending {
  std::array<Tally, state_count> final_average{}; ///< of what was kept
  std::uint64_t kept_every = 1;                   ///< of an id's results, every n-th was kept
  Recognition recognition{};
  std::vector<PersonFigures> people{};
};

/// Distances of a stream, one face at a time. It holds mean descriptors and, for the end, the results' own;
/// both are wiped when it dies. Not thread-safe.
class Ledger {
public:
  static constexpr std::size_t most_kept = 65'536; ///< results, 512 bytes each
  /// threshold: distance from which on two faces are two people [0..]. most: results kept for the end; when
  /// there are more, every second is forgotten.
  explicit Ledger(double threshold, std::size_t most = most_kept);

  Distances add(const Sample& sample);
  [[nodiscard]] const Figures& figures(State state) const {
    return figures_.at(static_cast<std::size_t>(state));
  }
  [[nodiscard]] Figures all() const;
  [[nodiscard]] std::uint64_t faces(State state) const { return faces_.at(static_cast<std::size_t>(state)); }
  [[nodiscard]] std::uint64_t faces() const;
  [[nodiscard]] double threshold() const { return threshold_; }
  [[nodiscard]] Ending ending() const;

private:
  struct Person {
    SecretDoubles sum{}; ///< 128, of the originals' descriptors
    std::uint64_t originals = 0;
    std::uint64_t results = 0;
    Tally original{};
  };
  struct Kept {
    std::uint32_t id;
    State state;
    std::uint64_t number; ///< of the id's results
  };
  void keep(const Sample& sample, Person& person);
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
