#pragma once
#include "elements/volume/grid/affine.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// Heads of people who do not exist: the shapes of MakeHuman (CC0), mixed by chance. Plain C++.
namespace deid::mriremodel {

/// The file of shapes cannot be used. what() is a sentence.
class PeopleError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

using Triangle = std::array<std::uint32_t, 3>;

/// The skin of a head, open at the neck.
struct Mesh {
  std::vector<volume::Point> vertices{}; ///< [mm]
  std::vector<Triangle> triangles{};     ///< indices of vertices
};

/// How much a drawn head differs from the mean.
struct PeopleLimits {
  double detail = 0.22;  ///< spread of a detail's share [0..1]; .35 gives caricatures
  double oldest = 0.7;   ///< share of the shape "old"
  int of_mean = 64;      ///< heads whose mean is the mean head
  double upright = 90.0; ///< [mm] below the top that decide where a head is: bodies have different heights
};

/// The population. Threads: any, after construction.
class People {
public:
  /// Reads the file that set-up packs (meson-free-scripts/heads.py). Throws PeopleError.
  explicit People(const std::filesystem::path& file, const PeopleLimits& limits = {});
  /// The same from bytes.
  explicit People(std::span<const std::byte> bytes, const PeopleLimits& limits = {});

  /// A head that is nobody's. The same seed gives the same head. The frame is the population's: the top of
  /// the head is at z = 0, and its upper part is centred about x = y = 0.
  [[nodiscard]] Mesh draw(std::uint64_t seed) const;
  /// The mean of many heads.
  [[nodiscard]] Mesh mean() const;

private:
  struct Move {
    std::uint32_t vertex = 0;
    std::array<float, 3> by{}; ///< [mm]
  };
  struct Target {
    int kind = 0; ///< 0: origin, sex and age; 1: sex, age and weight; 2: a detail
    std::string name{};
    std::vector<Move> moves{};
  };
  void read(std::span<const std::byte> bytes);
  void add(std::vector<volume::Point>& vertices, const Target& target, double share) const;
  [[nodiscard]] std::vector<volume::Point> shape(std::uint64_t seed) const;
  [[nodiscard]] std::vector<volume::Point> upright(std::vector<volume::Point> vertices) const;
  PeopleLimits limits_;
  Mesh neutral_{};
  std::vector<Target> targets_{};
};

} // namespace deid::mriremodel
