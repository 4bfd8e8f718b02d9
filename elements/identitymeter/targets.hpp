#pragma once
#include "models/descriptor/descriptor.hpp"
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace deid::identity {

using models::Descriptor;

/// A target that cannot be used. what() is one sentence for the user.
class TargetError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Descriptors of the faces that are drawn over others.
class Targets {
public:
  /// place: a target file ({"format":"deid-target-1",...}) or a trained model (DEIDAE01), whose descriptor is
  /// everybody's; a folder of target files, of which each face's is the one whose name it wears; empty: the
  /// bank that set-up made, if there is one. Throws TargetError.
  explicit Targets(const std::filesystem::path& place);
  /// Of a face that wears this target; nullptr when nobody knows.
  [[nodiscard]] const Descriptor* of(const std::string& name) const;

private:
  void add_folder(const std::filesystem::path& folder);
  std::optional<Descriptor> one_{};
  std::map<std::string, Descriptor> by_name_{};
};

} // namespace deid::identity
