#pragma once
#include "elements/volume/volume.hpp"
#include "pipelines/deid/run/hooks.hpp"
#include "pipelines/deid/run/options.hpp"
#include "pipelines/deid/run/summary.hpp"
#include <filesystem>
#include <string>
#include <vector>

/// `deid run` for scans of heads.
namespace deid::cli {

/// Whether the name is that of a scan: .nii, .nii.gz, .hdr, .img, or a packed one of a pair.
[[nodiscard]] bool is_scan(const std::filesystem::path& file);

/// Whether most files that lie in a folder itself are DICOM. They are one scan, a series.
[[nodiscard]] bool is_series(const std::filesystem::path& folder);

struct Scan {
  volume::Volume volume{};
  bool clean = false; ///< the header held no text, and no attribute beside the kept ones
};
/// Reads a NIfTI file or a DICOM series. Throws Failure.
[[nodiscard]] Scan read_scan(const std::filesystem::path& file);

/// Whether it is the first, or the second file of a pair. The first one names both.
[[nodiscard]] bool is_header_of_pair(const std::filesystem::path& file);
[[nodiscard]] bool is_voxels_of_pair(const std::filesystem::path& file);

/// The arguments of gst-launch-1.0: a scan in, a scan out, the report of mriremodel.
[[nodiscard]] std::vector<std::string> scan_graph(const RunOptions& options,
                                                  const std::filesystem::path& output,
                                                  const std::filesystem::path& report);

/// Gives the head in one scan another face. The result is read back and compared with what was written, and
/// all files appear together. Throws Failure: then no file has appeared.
[[nodiscard]] Summary run_scan(const RunOptions& options, const std::string& label, const Hooks& hooks = {});

/// The line that would run. Throws Failure as run_scan() does for options that are not for scans.
[[nodiscard]] std::string scan_dry_run(const RunOptions& options);

/// Lines for people.
[[nodiscard]] std::string scan_text(const Summary& summary);

} // namespace deid::cli
