#pragma once
#include "models/descriptor/descriptor.hpp"
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace deid::identitymeter {

using models::Descriptor;

/// A target cannot be used. what() is one sentence for the user.
class TargetError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Descriptors of the targets that faces are swapped with.
class Targets {
public:
  /// place is one of these:
  /// - one target file ({"format":"deid-target-1",...}) or trained model (DEIDAE01): its descriptor holds for
  ///   every face;
  /// - a folder of target files, or a list of files, models and folders separated by ':' (a single file
  ///   followed by ':' is a list; "auto" stands for the bank that set-up made): a face's target is found by
  ///   its name;
  /// - empty: the bank that set-up made, if there is one.
  /// A name with two different descriptors is ignored, and so is a target without a descriptor in a list or
  /// folder. DEID_MODEL_PASSPHRASE in the environment opens an encrypted model. Throws TargetError.
  explicit Targets(const std::string& place);
  /// Returns the descriptor of the target of this name; nullptr when it is unknown.
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
  /// empty: the descriptor is missing or ambiguous
  std::map<std::string, std::optional<Descriptor>> by_name_{};
};

} // namespace deid::identitymeter
