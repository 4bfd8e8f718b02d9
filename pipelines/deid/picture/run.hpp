#pragma once
#include "pipelines/deid/picture/picture.hpp"
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/hooks.hpp"
#include "pipelines/deid/run/summary.hpp"

namespace deid::cli {

/// Processes one picture from file to file: decoded, rotated upright, sent through the elements as a stream
/// of one frame, encoded in the format of the output's name. label: text before the progress bar. Throws
/// Failure; then no output has appeared.
Summary run_picture(const RunOptions& options, const std::string& label, const ElementNames& names = {},
                    const Hooks& hooks = {});

/// Returns the graph between the two files: appsrc, the elements, fakesink.
Tokens picture_graph(const RunOptions& options, const Paths& paths, const ElementNames& names = {});

/// Returns `--dry-run`'s text for a picture: a shell comment, because no graph reads and writes pictures.
std::string picture_dry_run(const RunOptions& options, const ElementNames& names = {});

/// Returns the XMP packet that says that faces in the picture are synthetic.
std::string synthetic_packet();

/// Converts pixels to a frame and back. Throws Failure when GStreamer gives no memory, or the sample has
/// another size or format.
GstCaps* frame_caps(const cv::Mat& pixels);
GstBuffer* to_frame(const cv::Mat& pixels);
cv::Mat from_frame(GstSample* sample, const cv::Mat& like);

} // namespace deid::cli
