#pragma once
#include "models/descriptor/descriptor.hpp"
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace deid::identitymeter {

using models::Descriptor;

/// A target that cannot be used. what() is one sentence for the user.
class TargetError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Descriptors of the faces that are drawn over others.
class Targets {
public:
  /// place: one target file ({"format":"deid-target-1",...}) or trained model (DEIDAE01), whose descriptor is
  /// everybody's; or what faces are known by the name they wear of: a folder of target files, or a list of
  /// files, models and folders that are separated by ':' (one file alone with a ':' behind it is a list;
  /// "auto" in it: the bank that set-up made). A name that two of them have for two faces, and a target of a
  /// list or folder that has no descriptor, say nothing. Empty: the bank that set-up made, if there is one.
  /// An encrypted model is opened with the passphrase in the environment's DEID_MODEL_PASSPHRASE. Throws
  /// TargetError.
  explicit Targets(const std::string& place);
  /// Of a face that wears this target; nullptr when nobody knows.
  [[nodiscard]] const Descriptor* of(const std::string& name) const;

private:
  struct Named {
    std::string name{};
    std::optional<Descriptor> descriptor{};
  };
  static std::optional<Named> read(const std::filesystem::path& file);
  static Named read_sealed(const std::filesystem::path& file);
  void add(const Named& target);
  void add_file(const std::filesystem::path& file);
  void add_folder(const std::filesystem::path& folder);
  void add_bank();
  void add_list(const std::string& list);
  std::optional<Descriptor> one_{};
  std::map<std::string, std::optional<Descriptor>> by_name_{}; ///< nothing: nobody knows which of two
};

} // namespace deid::identitymeter
