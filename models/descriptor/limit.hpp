#pragma once

namespace deid::models {

/// dlib's limit for its descriptor, which the paper uses, too: faces nearer than this are taken for one
/// person (Euclidean distance of 128 numbers).
constexpr double same_person_limit = .6;

} // namespace deid::models
