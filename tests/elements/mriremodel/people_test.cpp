// The population: a made file of six vertices, damaged ones, and the one that set-up makes.
#include "elements/mriremodel/people.hpp"
#include "elements/mriremodel/surface.hpp"
#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::mriremodel {
namespace {

using testing::HasSubstr;
using volume::Point;

class Bytes {
public:
  template <class T> Bytes& number(T value) {
    const auto at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
    return *this;
  }
  Bytes& text(const std::string& text) {
    for (const char c : text)
      number(c);
    return *this;
  }
  [[nodiscard]] const std::vector<std::byte>& get() const { return bytes_; }

private:
  std::vector<std::byte> bytes_{};
};

/// An octahedron of 100 mm whose front vertex a detail moves by 10 mm, one way or the other.
std::vector<std::byte> octahedron(std::uint32_t last_vertex = 5, std::uint32_t version = 1) {
  Bytes file;
  file.text("DEIDHEAD")
      .number(version)
      .number<std::uint32_t>(6)
      .number<std::uint32_t>(8)
      .number<std::uint32_t>(2);
  const std::int32_t r = 100'000;
  for (const auto& [x, y, z] : {std::array{r, 0, 0}, std::array{-r, 0, 0}, std::array{0, r, 0},
                                std::array{0, -r, 0}, std::array{0, 0, r}, std::array{0, 0, -r}})
    file.number(x).number(y).number(z);
  for (std::uint32_t z = 4; z < 6; ++z)
    for (const auto& [a, b] : {std::pair{0U, 2U}, std::pair{2U, 1U}, std::pair{1U, 3U}, std::pair{3U, 0U}})
      file.number(a).number(b).number(z == 5 && a == 3 ? last_vertex : z);
  for (const auto& [name, by] : {std::pair{"nose/long-", -10'000}, std::pair{"nose/long+", 10'000}})
    file.number<std::uint8_t>(2)
        .number<std::uint8_t>(10)
        .text(name)
        .number<std::uint32_t>(1)
        .number<std::uint32_t>(2)
        .number<std::int32_t>(0)
        .number<std::int32_t>(by)
        .number<std::int32_t>(0);
  return file.get();
}

std::string refusal(const std::vector<std::byte>& bytes) {
  try {
    const People people(bytes);
  } catch (const PeopleError& error) {
    return error.what();
  }
  return "";
}

TEST(People, TheSameSeedGivesTheSameHeadAndOthersDiffer) {
  const People people(octahedron());
  std::vector<double> noses;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Mesh head = people.draw(seed);
    ASSERT_EQ(head.vertices, people.draw(seed).vertices);
    noses.push_back(head.vertices[2][1]);
  }
  double sum = 0, square = 0;
  for (const double nose : noses) {
    sum += nose;
    square += nose * nose;
  }
  const double mean = sum / 200, spread = std::sqrt(square / 200 - mean * mean);
  EXPECT_NEAR(spread, 2.2, 0.4) << "10 mm x .22";
}

TEST(People, TheTopIsAtZero) {
  const Mesh head = People(octahedron()).draw(3);
  EXPECT_NEAR(head.vertices[4][2], 0, 1e-9);
  EXPECT_NEAR(head.vertices[5][2], -200, 1e-9);
}

TEST(People, DamagedFilesAreRefused) {
  std::vector<std::byte> bytes = octahedron();
  EXPECT_EQ(refusal(bytes), "");
  bytes.push_back(std::byte{0});
  EXPECT_THAT(refusal(bytes), HasSubstr("longer than it states"));
  bytes.resize(bytes.size() - 2);
  EXPECT_THAT(refusal(bytes), HasSubstr("cut off"));
  bytes.resize(40);
  EXPECT_THAT(refusal(bytes), HasSubstr("cut off"));
  EXPECT_THAT(refusal({}), HasSubstr("cut off"));
  EXPECT_THAT(refusal(octahedron(6)), HasSubstr("names a vertex that it does not have"));
  EXPECT_THAT(refusal(octahedron(5, 2)), HasSubstr("another version"));
  EXPECT_THAT(refusal(octahedron()).size(), 0U);
}

TEST(People, AMissingFileIsRefused) {
  EXPECT_THROW(People(std::filesystem::path("no/such/heads.bin")), PeopleError);
}

TEST(Surface, TheDistanceToAnOctahedron) {
  const Mesh mesh = People(octahedron(), {.detail = 0}).mean(); // top at 0, centre at -100
  volume::Field around{{101, 101, 101}, 2.0, {-100, -100, -200}, {}};
  const volume::Field found = solid_distance(mesh, around, 2.0);
  EXPECT_NEAR(sample(found, {20, 20, -80}, 99), -40 / std::sqrt(3), 2) << "inside";
  EXPECT_NEAR(sample(found, {33.3, 33.3, -66.6}, 99), 0, 1.5) << "on a face";
  EXPECT_NEAR(sample(found, {50, 50, -50}, 99), 50 / std::sqrt(3), 3) << "before a face";
}

TEST(Surface, AMeshBesideTheGridIsAFault) {
  const Mesh mesh = People(octahedron()).mean();
  const volume::Field around{{11, 11, 11}, 2.0, {500, 500, 500}, {}};
  EXPECT_THROW((void)solid_distance(mesh, around, 2.0), std::invalid_argument);
}

/// The file that set-up makes: plausible heads, of which no two are alike.
TEST(People, TheRealPopulation) {
  const std::filesystem::path file = std::filesystem::path(DEID_DEPS_DIR) / "models/heads.bin";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "Set-up has not made the head shapes.";
  const People people(file);
  const Mesh mean = people.mean();
  const auto nose = std::ranges::max_element(mean.vertices, {}, [](const Point& at) { return at[1]; });
  EXPECT_NEAR((*nose)[0], 0, 3);
  EXPECT_NEAR((*nose)[2], -146, 12) << "[mm] below the top";
  double least = 1e9;
  for (std::uint64_t seed = 1; seed < 8; ++seed) {
    const Mesh a = people.draw(seed), b = people.draw(seed + 100);
    double sum = 0;
    for (std::size_t i = 0; i < a.vertices.size(); ++i)
      sum += volume::distance(a.vertices[i], b.vertices[i]);
    least = std::min(least, sum / static_cast<double>(a.vertices.size()));
  }
  EXPECT_GT(least, 2.0) << "[mm] between two heads, mean over the vertices";
}

} // namespace
} // namespace deid::mriremodel
