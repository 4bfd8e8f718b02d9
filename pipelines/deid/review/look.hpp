#pragma once
#include "elements/meta/scene_cut_detector.hpp"
#include "pipelines/deid/review/moments.hpp"
#include <filesystem>
#include <functional>

namespace deid::review {

/// Looks at a result a second time, without believing the audit that faces were found:
/// - Every frame: pixels under each cover of the audit are compared with the original's. Where the details
/// are
///   the same, the cover is open.
/// - Several times a second: CenterFace searches the result, at another scale than the run, mirrored, and
///   turned now and then; MoveNet searches for bodies, whose heads the run does not search in films. What a
///   cover of the audit holds, or what differs from the original, is no find.
/// original, result: files with the same number of frames. progress: [0..1]; false stops and throws Failure.
/// Throws Failure, too, when a file cannot be decoded, and models::ModelError.
Looked look(const std::filesystem::path& original, const std::filesystem::path& result,
            const Audited& audited, const std::function<bool(double)>& progress);

/// The fingerprint of a picture, for the search for scene cuts. gray: CV_8UC1; it is only read.
Fingerprint fingerprint_of(cv::Mat& gray);

/// How alike the details of two pictures are in a box: the correlation of what a blur of a tenth of the box
/// takes away, 1 for the same picture. Nothing when the original has no details there, or the box has too few
/// px in the picture. original, result: CV_8UC1 of one size.
std::optional<double> same_detail(const cv::Mat& original, const cv::Mat& result, const cv::Rect2d& box);

} // namespace deid::review
