#pragma once
#include "pipelines/deid/target/options.hpp"
#include <vector>

namespace deid::cli {

/// Reads --recipes: the options of each composite, in the file's order. The file is a JSON object,
///   {"NAME": {"shape": {"FILE": WEIGHT, ...}, "texture": {...}, "detail": {...}, "tone": {...},
///             "proportions": {"nose_width": NUMBER, ...}, "sex": "woman" or "man", "age": YEARS,
///             "status": "...", "second_least": DISTANCE}, ...}
/// Only "shape" and "texture" are required. Other members are for people. What a recipe leaves out is as in
/// `common`, whose `out` is the folder of NAME.json and NAME.ppm. Throws Failure with one sentence: the file
/// cannot be read, is no such object, names a file outside of the folder, or mixes fewer than three textures.
std::vector<TargetOptions> read_recipes(const TargetOptions& common);

} // namespace deid::cli
