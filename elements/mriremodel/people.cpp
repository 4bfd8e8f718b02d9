#include "elements/mriremodel/people.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string_view>

namespace deid::mriremodel {

using volume::Point;

namespace {

constexpr std::size_t most_vertices = 100'000, most_triangles = 400'000, most_targets = 2000;

[[noreturn]] void refuse(const std::string& why) {
  throw PeopleError("The file of head shapes cannot be used: " + why +
                    ". ./meson-free-scripts/setup brings the right one.");
}

/// Numbers from the front of the bytes.
class Reader {
public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T> T number() {
    T value{};
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string text(std::size_t length) {
    const auto part = take(length);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }
  std::uint32_t count(std::size_t most) {
    const auto value = number<std::uint32_t>();
    if (value > most)
      refuse("it states an impossible number");
    return value;
  }
  /// Three numbers in micrometres.
  Point place() {
    Point at{};
    for (double& value : at)
      value = number<std::int32_t>() / 1000.0;
    return at;
  }
  [[nodiscard]] bool ended() const { return at_ == bytes_.size(); }

private:
  std::span<const std::byte> take(std::size_t count) {
    if (bytes_.size() - at_ < count)
      refuse("it is cut off");
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

/// Chance that is the same on every machine: the distributions of the standard library are not.
class Chance {
public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  double uniform() { return static_cast<double>(engine_() >> 11U) / 9007199254740992.0; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

private:
  std::mt19937_64 engine_;
};

/// What decides about the shape of a whole head.
struct Person {
  double male = 0, old = 0, weight = 0; ///< [0..1]; weight: 0 is thin
  std::array<double, 3> origin{};       ///< shares of african, asian, caucasian
};

Person person(Chance& chance, double oldest) {
  Person one;
  one.male = chance.uniform();
  one.old = oldest * chance.uniform();
  one.weight = chance.uniform();
  double sum = 0;
  for (double& share : one.origin)
    sum += share = -std::log(1 - chance.uniform()) + 1e-9;
  for (double& share : one.origin)
    share /= sum;
  return one;
}

bool has(std::string_view name, std::string_view word) {
  return name.find(word) != std::string_view::npos;
}

/// The share that a target of a whole head has in a person.
double share_of(const std::string& name, const Person& one) {
  double share = (has(name, "female") ? 1 - one.male : one.male) * (has(name, "old") ? one.old : 1 - one.old);
  if (has(name, "minweight"))
    return share * std::max(0.0, 1 - 2 * one.weight);
  if (has(name, "maxweight"))
    return share * std::max(0.0, 2 * one.weight - 1);
  if (has(name, "averageweight"))
    return share * (1 - std::abs(2 * one.weight - 1));
  if (has(name, "african"))
    return share * one.origin[0];
  return share * one.origin[has(name, "asian") && !has(name, "caucasian") ? 1 : 2];
}

std::vector<std::byte> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> all{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::byte> bytes(all.size());
  std::memcpy(bytes.data(), all.data(), all.size());
  return bytes;
}

} // namespace

People::People(const std::filesystem::path& file, const PeopleLimits& limits)
    : People(bytes_of(file), limits) {}

People::People(std::span<const std::byte> bytes, const PeopleLimits& limits) : limits_(limits) {
  read(bytes);
}

void People::read(std::span<const std::byte> bytes) {
  Reader in(bytes);
  if (in.text(8) != "DEIDHEAD" || in.number<std::uint32_t>() != 1)
    refuse("it is no file of head shapes, or of another version");
  const auto vertices = in.count(most_vertices), triangles = in.count(most_triangles),
             targets = in.count(most_targets);
  if (vertices < 4 || triangles < 4 || targets == 0)
    refuse("it holds no head");
  const auto vertex = [&] {
    const auto index = in.number<std::uint32_t>();
    if (index >= vertices)
      refuse("it names a vertex that it does not have");
    return index;
  };
  for (std::uint32_t i = 0; i < vertices; ++i)
    neutral_.vertices.push_back(in.place());
  for (std::uint32_t i = 0; i < triangles; ++i) {
    const auto a = vertex(), b = vertex(), c = vertex();
    neutral_.triangles.push_back({a, b, c});
  }
  for (std::uint32_t i = 0; i < targets; ++i) {
    Target target;
    target.kind = in.number<std::uint8_t>();
    target.name = in.text(in.number<std::uint8_t>());
    for (auto left = in.count(most_vertices); left > 0; --left) {
      Move move{vertex(), {}};
      std::ranges::transform(in.place(), move.by.begin(), [](double by) { return static_cast<float>(by); });
      target.moves.push_back(move);
    }
    targets_.push_back(std::move(target));
  }
  if (!in.ended())
    refuse("it is longer than it states");
}

void People::add(std::vector<Point>& vertices, const Target& target, double share) const {
  for (const Move& move : target.moves)
    for (std::size_t axis = 0; axis < 3; ++axis)
      vertices[move.vertex][axis] += share * static_cast<double>(move.by[axis]);
}

std::vector<Point> People::shape(std::uint64_t seed) const {
  Chance chance(seed);
  const Person one = person(chance, limits_.oldest);
  std::vector<Point> vertices = neutral_.vertices;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Target& target = targets_[i];
    if (target.kind != 2) {
      add(vertices, target, share_of(target.name, one));
      continue;
    }
    if (!target.name.ends_with('+'))
      continue; // the other end comes with this one
    const double share = limits_.detail * chance.normal();
    if (share >= 0) {
      add(vertices, target, share);
      continue;
    }
    const std::string opposite = target.name.substr(0, target.name.size() - 1) + "-";
    const auto found = std::ranges::find(targets_, opposite, &Target::name);
    if (found != targets_.end())
      add(vertices, *found, -share);
  }
  return upright(std::move(vertices));
}

std::vector<Point> People::upright(std::vector<Point> vertices) const {
  double top = -std::numeric_limits<double>::infinity();
  for (const Point& at : vertices)
    top = std::max(top, at[2]);
  std::array<double, 2> least{1e9, 1e9}, most{-1e9, -1e9};
  for (const Point& at : vertices)
    for (std::size_t axis = 0; axis < 2 && at[2] > top - limits_.upright; ++axis) {
      least[axis] = std::min(least[axis], at[axis]);
      most[axis] = std::max(most[axis], at[axis]);
    }
  for (Point& at : vertices)
    at = {at[0] - (least[0] + most[0]) / 2, at[1] - (least[1] + most[1]) / 2, at[2] - top};
  return vertices;
}

Mesh People::draw(std::uint64_t seed) const {
  return {shape(seed), neutral_.triangles};
}

Mesh People::mean() const {
  Mesh mean = neutral_;
  for (Point& at : mean.vertices)
    at = {};
  for (int i = 0; i < limits_.of_mean; ++i) {
    const std::vector<Point> one = shape(0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(i + 1));
    for (std::size_t v = 0; v < one.size(); ++v)
      for (std::size_t axis = 0; axis < 3; ++axis)
        mean.vertices[v][axis] += one[v][axis] / limits_.of_mean;
  }
  return mean;
}

} // namespace deid::mriremodel
