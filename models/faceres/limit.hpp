#pragma once

namespace deid::models {

/// FaceRes's limit: faces nearer than this may be one person (Euclidean distance of two features of length
/// 1). Calibrated on 25 people, see docs/models.md: no pair of one person in two clips is farther apart
/// (2,629 pairs), and 1.4 % of the pairs of two people are nearer (49,555 pairs).
constexpr double faceres_limit = .9;

} // namespace deid::models
