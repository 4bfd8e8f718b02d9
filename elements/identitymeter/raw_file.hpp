#pragma once
#include "elements/identitymeter/look.hpp"
#include "elements/identitymeter/networks.hpp"
#include "elements/measures/identity/ledger.hpp"
#include <filesystem>
#include <stdexcept>

namespace deid::identitymeter {

/// What the second judge sees of one face.
struct SecondSeen {
  models::FaceFeatures original{}, deidentified{};
};

/// One face of one measured frame, as the raw file stores it.
struct Measured {
  std::optional<std::uint64_t> pts{}; ///< [ns]
  std::uint64_t frame = 0;            ///< number, from 0 at the start or the last seek
  identity::FaceDescriptors sample{};
  identity::FaceDistances distances{};
  std::optional<SecondSeen> second{}; ///< nothing: the second judge did not see both
  std::optional<Points> original_points{}, points{};
  bool found = false;  ///< the points were found on the result; else they are the original's
  std::string wears{}; ///< name of the target; empty: none or unknown
};

/// Returns the distance of the result from the original in the same frame, for the second judge.
std::optional<double> second_distance(const Measured& face);

struct RawHead {
  std::string stream{}; ///< stream-id
  ModelName model{};
  unsigned interval = 1; ///< frames from one measured frame to the next
};

/// The lines of the raw file, each with its end of line. Numbers have 9 significant digits, enough for a
/// float.
///   {"format":"deid-identity-1","stream":"..","model":{"name":"..","sha256":".."},"interval":n}
///   {"pts":ns|null,"frame":n,"id":n,"state":"swapped|blurred|covered|none|unknown","target":".."|null,
///    "landmarks":"result"|"original"|null,"original":[128]|null,"deidentified":[128]|null,
///    "chip_original":[[x,y]*5]|null,"chip_deidentified":[[x,y]*5]|null,
///    "d_original":d|null,"d_average":d|null,"d_target":d|null,"d_second":d|null,
///    "second_original":[1024]|null,"second_deidentified":[1024]|null}
/// landmarks: source of the de-identified face's landmarks. chip_*: dlib's five points, px of the frame,
/// pixel centres at integer + .5.
std::string raw_head(const RawHead& head);
std::string raw_line(const Measured& face);

/// The same without data that identifies people: pts [ns], frame number, id, state, name of the target,
/// source of the landmarks, and the four distances. A missing value is an empty cell.
std::string csv_head();
std::string csv_line(const Measured& face);

/// A file cannot be opened or written. what() names it and the cause.
class WriteError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A file of lines that may name people: only its owner may read it. Throws WriteError.
class RawFile {
public:
  /// Empties an existing file and removes other users' permissions.
  explicit RawFile(const std::filesystem::path& file);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  void write(const std::string& lines);
  void empty();

private:
  std::filesystem::path file_;
  int descriptor_;
};

} // namespace deid::identitymeter
