#pragma once
#include "elements/measures/identity/faces.hpp"
#include "elements/measures/statistics/spread.hpp"

/// Distances between the de-identified face and the person: the paper's Table 1 and Fig. 5.
namespace deid::identity {

/// Most faces of one person or clip that take part in pairs. When there are more, every k-th face is used,
/// with the smallest k that fits.
constexpr std::size_t most_in_pairs = 500;
constexpr std::size_t most_in_half = 60;

/// One row of Table 1. Distances are Euclidean distances of descriptors.
struct Distances {
  std::size_t faces = 0;               ///< measured faces of known people
  std::size_t described = 0;           ///< faces with a descriptor of the de-identified face or of its place
  std::size_t found = 0;               ///< described faces in which the result still shows a face
  statistics::Spread intra_original{}; ///< between any two originals of a person
  statistics::Spread intra_deidentified{};
  statistics::Spread to_original{};         ///< to the original of the same frame
  statistics::Spread to_average_original{}; ///< to the mean of the person's originals in all clips
  statistics::Spread to_average_target{};   ///< to the target that was drawn
  std::size_t original_above = 0,
              average_above = 0; ///< distances above models::same_person_limit
};
/// person: index into samples.people. Without it all people count, and pairs stay within one person.
Distances distances(const Samples& samples, std::optional<std::size_t> person = std::nullopt);

/// Returns the mean descriptor of each person's originals; nothing for a person without originals.
std::vector<std::optional<Descriptor>> averages(const Samples& samples);

/// The ROC curve of Fig. 5. A genuine pair is two originals of one person, from different clips or different
/// halves of a clip. A pair of `against` is an original and a de-identified face, by the same rule.
struct Roc {
  statistics::Spread genuine{}, against{};
  double auc = 0; ///< probability that a genuine pair is nearer than the other; ties count half
  /// False accept rate (share of `against`) and true accept rate (share of `genuine`) by rising threshold.
  /// About 200 points at most, both ends included.
  std::vector<std::pair<double, double>> points{};
};
Roc roc(const Samples& samples);
Roc roc_of(std::vector<double> genuine, std::vector<double> against);

} // namespace deid::identity
