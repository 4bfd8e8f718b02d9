#pragma once
#include "elements/mriremodel/subject.hpp"
#include "elements/volume/picture/renderer.hpp"
#include "models/descriptor/descriptor.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <vector>

/// How much two heads look alike to a face recogniser. Plain C++.
namespace deid::mriremodel {

/// What a recogniser sees of one head: a descriptor a view, none where it finds no face.
using Look = std::vector<std::optional<models::Descriptor>>;

/// Tells faces of pictures apart. Threads: one at a time.
class Recogniser {
public:
  virtual ~Recogniser() = default;
  [[nodiscard]] virtual std::optional<models::Descriptor> describe(const volumerender::Picture& picture) = 0;
};

/// dlib's network on the face that BlazeFace and the face mesh find. Throws models::ModelError when a weight
/// is missing.
[[nodiscard]] std::unique_ptr<Recogniser> new_recogniser();

/// Draws a head from three sides, close to the face, and describes each picture. skin: as Subject::skin.
/// around: whose pictures all have one place and one scale.
[[nodiscard]] Look look_at(const volume::Field& skin, const Subject& around, Recogniser& recogniser);

/// The mean distance of two heads over the views in which both have a face; none when there is no such view.
[[nodiscard]] std::optional<double> distance(const Look& a, const Look& b);

/// Whether somebody who searches with the result finds the own head before every stranger, in any view.
[[nodiscard]] bool found_first(const Look& result, const Look& own, const std::vector<Look>& strangers);

} // namespace deid::mriremodel
