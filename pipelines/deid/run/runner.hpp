#pragma once
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/summary.hpp"
#include <functional>
#include <string>

namespace deid::cli {

struct RunnerOptions {
  std::string label{}; ///< before the progress bar
  bool quiet = false;
  bool live = false;
  bool keep_going = false; ///< damaged input does not stop the run
  int stop_after = 0;      ///< [s], live only
  int stall_after = 0;     ///< [s] without a frame at either end, after which the run fails; 0: never
  bool constant_rate = false;
  const Film* film = nullptr; ///< not owned; null: a camera, or times as GStreamer reads them
  bool endless = false;       ///< the demuxer does not report its end (GIF)
  bool verify = true;         ///< every frame that came in must leave once
  std::function<void(std::uint64_t)> progress{}; ///< called with the frames that left, several times a second
  std::function<void(GstElement*)> before{};     ///< called with the pipeline before it starts
  std::function<void(GstElement*)> after{}; ///< called after its end, before it stops; not after an error
};

/// Runs a graph to its end in the calling thread, with progress, messages, SIGINT, SIGTERM and SIGHUP. Fills
/// frames, times and the elements' counters into the summary. Throws Failure on any error, on an interrupt
/// (files: exit_interrupted; live: the recording ends in order), and when the output's frames are not the
/// input's.
void run_graph(const Tokens& graph, const Source& source, const RunnerOptions& options, Summary& summary);

} // namespace deid::cli
