#pragma once
#include "elements/identitymeter/raw_file.hpp"
#include "elements/identitymeter/settings.hpp"
#include "elements/identitymeter/targets.hpp"
#include <mutex>

namespace deid::identity {

/// Why a frame cannot be measured.
enum class Missing : std::uint8_t {
  none,
  no_stamp,      ///< nobody looked for faces, or something between dropped it
  no_original,   ///< no identitymeter stage=original, or something between dropped what it attached
  other_picture, ///< size or pixels are not those the stamp was last changed for
};
constexpr std::size_t missing_count = 4;
const char* to_string(Missing missing);

/// Since start, or the last seek.
struct Counts {
  std::uint64_t frames = 0;   ///< all that came
  std::uint64_t measured = 0; ///< described; with faces or without
  std::uint64_t left_out = 0; ///< by interval
  std::array<std::uint64_t, missing_count> missing{};
  std::uint64_t without_landmarks = 0; ///< faces whose original could not be described
  std::uint64_t found = 0;             ///< faces cut by landmarks found on the result
  std::uint64_t assumed = 0;           ///< by those of the original: the mesh saw no face in the result
  std::uint64_t unseen = 0;            ///< neither: not described
  std::uint64_t unexpected = 0;        ///< on the stamp, and not among the originals
};

/// All that is said of a stream so far.
struct Summary {
  Counts counts{};
  std::array<Figures, state_count> figures{};
  std::array<std::uint64_t, state_count> faces{};
  Figures all{};
  double threshold = 0;
  unsigned interval = 1;
  Landmarks landmarks = Landmarks::result;
  std::string detector{};         ///< who found the faces
  std::optional<Ending> ending{}; ///< only at the end
};

/// One frame that can be measured.
struct Seen {
  const video::FrameView& frame;       ///< as it is now
  std::span<const FaceRegion> regions; ///< of its stamp
  const OriginalFaces& originals;      ///< of the same frame
  std::optional<std::uint64_t> pts{};  ///< [ns]
};

/// What stands behind the element: one measurement from the first frame to the end. summary() may be called
/// from any thread, the rest is the streaming thread's.
class Measurement {
public:
  /// Throws TargetError, models::ModelError, std::invalid_argument (files that are the same) and
  /// WriteError (raw or csv cannot be opened).
  Measurement(const MeterOptions& options, std::unique_ptr<Networks> networks);

  /// interval: frames from one measured frame to the next [1..]. stream: for the raw file.
  void format(unsigned interval, const std::string& stream);
  /// A frame that cannot be measured. True when the one before could, or could not for another reason.
  bool missed(Missing why);
  /// Throws models::ModelError; WriteError when raw or csv cannot be written.
  void measure(const Seen& seen, const std::string& detector);
  /// Forgets all frames: after a seek the measurement begins anew.
  void restart();
  [[nodiscard]] Summary summary(bool ending) const;
  /// Writes the report, whole or not at all. Once: later calls do nothing and return false unless frames
  /// came. Throws WriteError.
  bool finish();
  /// An error was posted: no report of this run.
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
  mutable std::mutex mutex_; ///< guards what follows
  Counts counts_{};
  Ledger ledger_;
  std::string detector_{};
};

} // namespace deid::identity
