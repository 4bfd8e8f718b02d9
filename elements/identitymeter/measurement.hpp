#pragma once
#include "elements/identitymeter/raw_file.hpp"
#include "elements/identitymeter/settings.hpp"
#include "elements/identitymeter/targets.hpp"
#include <mutex>

namespace deid::identitymeter {

/// The reason why a frame cannot be measured.
enum class Missing : std::uint8_t {
  none,
  no_stamp,      ///< no facedetect ran, or an element dropped the stamp
  no_original,   ///< no identitymeter stage=original ran, or an element dropped its metadata
  other_picture, ///< size or pixels differ from those of the last change of the stamp
};
constexpr std::size_t missing_count = 4;
const char* to_string(Missing missing);

/// Counts since the start or the last seek.
struct Counts {
  std::uint64_t frames = 0;   ///< all frames
  std::uint64_t measured = 0; ///< measured frames, with or without faces
  std::uint64_t left_out = 0; ///< frames left out by interval
  std::array<std::uint64_t, missing_count> missing{};
  std::uint64_t without_landmarks = 0; ///< faces whose original has no descriptor
  std::uint64_t found = 0;             ///< faces cut by landmarks found on the result
  std::uint64_t assumed = 0; ///< faces cut by the original's landmarks: the mesh found no face in the result
  std::uint64_t unseen = 0;  ///< faces without a descriptor
  std::uint64_t unexpected = 0; ///< faces on the stamp that are not among the originals
};

/// Distances of the results from the originals, of the second judge, by state.
using SecondFigures = std::array<statistics::RunningStats, identity::state_count>;

/// All figures of a stream so far.
struct Summary {
  Counts counts{};
  std::array<identity::Figures, identity::state_count> figures{};
  std::array<std::uint64_t, identity::state_count> faces{};
  identity::Figures all{};
  SecondFigures second{};
  double threshold = 0;
  unsigned interval = 1;
  Landmarks landmarks = Landmarks::result;
  std::string detector{};                   ///< name of the face detector
  std::optional<identity::Ending> ending{}; ///< only at the end
};

/// One frame that can be measured.
struct Seen {
  const video::FrameView& frame;       ///< as it is now
  std::span<const FaceRegion> regions; ///< of its stamp
  const OriginalFaces& originals;      ///< of the same frame
  std::optional<std::uint64_t> pts{};  ///< [ns]
};

/// One measurement from the first frame to the end; the element calls it. summary() may be called from any
/// thread. All other functions belong to the streaming thread.
class Measurement {
public:
  /// Throws TargetError, models::ModelError, std::invalid_argument (files that are the same) and
  /// WriteError (raw or csv cannot be opened).
  Measurement(const MeterOptions& options, std::unique_ptr<Networks> networks);

  /// interval: frames from one measured frame to the next [1..]. stream: for the raw file.
  void format(unsigned interval, const std::string& stream);
  /// Counts a frame that cannot be measured. Returns true when the frame before was measured or had another
  /// reason.
  bool missed(Missing why);
  /// Throws models::ModelError; WriteError when raw or csv cannot be written.
  void measure(const Seen& seen, const std::string& detector);
  /// Forgets all frames, as after a seek.
  void restart();
  [[nodiscard]] Summary summary(bool ending) const;
  /// Writes the report, whole or not at all. A later call does nothing and returns false, unless frames came
  /// in between. Throws WriteError.
  bool finish();
  /// Records that an error was posted; this run then writes no report.
  void fail() { failed_ = true; }

private:
  Measured face(const Seen& seen, const OriginalFace& original);
  void describe(const Seen& seen, const OriginalFace& original, Measured& measured);
  void start_files();
  void write(const std::vector<Measured>& faces);

  MeterOptions options_;
  std::unique_ptr<Networks> networks_;
  Targets targets_;
  std::optional<RawFile> raw_{}, csv_{};
  unsigned interval_ = 1;
  std::string stream_{};
  bool begun_ = false, written_ = true, failed_ = false;
  Missing run_ = Missing::none;
  mutable std::mutex mutex_; ///< guards the members below
  Counts counts_{};
  identity::Ledger ledger_;
  SecondFigures second_{};
  std::string detector_{};
};

} // namespace deid::identitymeter
