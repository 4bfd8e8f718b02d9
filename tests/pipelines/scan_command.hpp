#pragma once
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "elements/volume/registration/aligner.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <sys/wait.h>

/// `deid` as a user runs it, in a folder of its own.
namespace deid::test {

namespace fs = std::filesystem;

struct Said {
  int status = -1;
  std::string out{}, err{};
};

struct ScanCommand : ::testing::Test {
  const Scratch scratch{}, logs{};

  [[nodiscard]] fs::path file(const std::string& name) const { return scratch.path() / name; }
  [[nodiscard]] Said deid(const std::string& words) const {
    const fs::path out = logs.path() / "out", err = logs.path() / "err";
    const std::string line = "cd '" + scratch.path().string() + "' && '" DEID_PROGRAM "' " + words + " >'" +
                             out.string() + "' 2>'" + err.string() + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  /// Voxels without a head in them.
  void write_noise(const std::string& name) const {
    volume::Description about{.format = volume::Format::u8, .size = {60, 60, 60}};
    about.spacing = {2, 2, 2};
    for (std::size_t axis = 0; axis < 3; ++axis)
      about.to_world[axis][axis] = 2;
    about.oriented = true;
    std::vector<std::byte> voxels(about.bytes());
    std::mt19937 chance(3); // NOLINT: the same noise in every run
    for (std::byte& voxel : voxels)
      voxel = static_cast<std::byte>(chance() & 255U);
    nifti::FileWriter writer(file(name), nifti::header_for(about), 1);
    writer.write(voxels);
    writer.commit();
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch.path()), {}));
  }
};

/// Why a whole head cannot be remodelled here; empty when it can.
inline std::string missing_for_heads(const fs::path& head) {
  const bool there = volume::can_register() && fs::exists(head) &&
                     fs::exists("/usr/share/mricron/templates/ch2.nii.gz") &&
                     fs::exists(DEID_DEPS_DIR "/models/heads.bin");
  return there ? "" : "The shared scans, ITK, or what setup --scans brings is not there.";
}

} // namespace deid::test
