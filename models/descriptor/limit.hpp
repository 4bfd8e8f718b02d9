#pragma once

namespace deid::models {

/// dlib's limit: faces nearer than this count as one person (Euclidean distance of 128 numbers).
constexpr double same_person_limit = .6;

} // namespace deid::models
