#pragma once
#include "pipelines/deid/picture/picture.hpp"
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/summary.hpp"

namespace deid::cli {

/// One picture from file to file: decoded, turned upright, sent through the elements as a stream of one
/// frame, and encoded in the format that the output's name says. label stands before the progress bar. Throws
/// Failure; then no output has appeared.
Summary run_picture(const RunOptions& options, const std::string& label, const ElementNames& names = {});

/// The graph between the two files: appsrc, what is done to the frame, fakesink.
Tokens picture_graph(const RunOptions& options, const Paths& paths, const ElementNames& names = {});

/// What `--dry-run` prints for a picture: a comment for a shell, because no graph reads and writes it.
std::string picture_dry_run(const RunOptions& options, const ElementNames& names = {});

/// The XMP packet that says that faces in the picture are synthetic.
std::string synthetic_packet();

/// Pixels as a frame, and back. Throws Failure when GStreamer gives no memory, or when the sample is of
/// another size or format.
GstCaps* frame_caps(const cv::Mat& pixels);
GstBuffer* to_frame(const cv::Mat& pixels);
cv::Mat from_frame(GstSample* sample, const cv::Mat& like);

} // namespace deid::cli
