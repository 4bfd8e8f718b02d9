#pragma once
#include "pipelines/evaluate/faces.hpp"
#include "pipelines/evaluate/spread.hpp"

/// How far the de-identified face is from the person: the paper's Table 1 and Fig. 5.
namespace deid::evaluate {

/// Faces of one person or clip that take part in pairs: every k-th, k the least with which no more are left.
constexpr std::size_t most_in_pairs = 500;
constexpr std::size_t most_in_half = 60;

/// One row of Table 1. Distances are Euclidean, of 128 numbers.
struct Distances {
  std::size_t faces = 0;     ///< measured ones of known people
  std::size_t described = 0; ///< with a descriptor of the de-identified face, or of its place
  std::size_t found = 0;     ///< of these, those in which there is a face still
  Spread intra_original{};   ///< any two originals of a person
  Spread intra_deidentified{};
  Spread to_original{};                              ///< of the same frame
  Spread to_average_original{};                      ///< mean of the person's originals in all clips
  Spread to_average_target{};                        ///< of the target it wears
  std::size_t original_above = 0, average_above = 0; ///< how many of these are farther than same_person
};
/// person: index into samples.people; nothing: everybody together (pairs stay within a person).
Distances distances(const Samples& samples, std::optional<std::size_t> person = std::nullopt);

/// Mean of each person's originals; nothing for who has none.
std::vector<std::optional<Descriptor>> averages(const Samples& samples);

/// Fig. 5. Genuine: two originals of one person, from different clips or different halves of a clip; against:
/// an original and a de-identified face under the same rule.
struct Roc {
  Spread genuine{}, against{};
  double auc = 0; ///< that a genuine pair is nearer than the other; ties count half
  /// Share of `against` taken for one person (false accept) and of `genuine` (true accept), by rising
  /// threshold; at most some 200 points of the curve, ends included.
  std::vector<std::pair<double, double>> points{};
};
Roc roc(const Samples& samples);
Roc roc_of(std::vector<double> genuine, std::vector<double> against);

} // namespace deid::evaluate
