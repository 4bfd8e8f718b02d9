// The selection of faces.
#include "models/training/selection.hpp"
#include "tests/models/training/made_faces.hpp"
#include <algorithm>
#include <gmock/gmock.h>

namespace deid::test {
namespace {

using namespace training;
using ::testing::HasSubstr;

Account seen(const FaceSet& set) {
  Account account;
  account.seen = set.faces.size();
  return account;
}

std::string refusal(FaceSet set, const SelectionRule& rule = {}) {
  Account account = seen(set);
  try {
    select(set, rule, account);
  } catch (const SelectionError& e) {
    return e.what();
  }
  return "";
}

/// Faces of another person in the same clip.
void join(FaceSet& set, std::size_t count, std::size_t who) {
  for (Face& face : made_faces(count, brown, who).faces) {
    face.track = 7;
    set.faces.push_back(std::move(face));
  }
}

TEST(Selection, HoldsOutATenthInBlocks) {
  FaceSet set = made_faces(200, rosy, 1, false);
  Account account = seen(set);
  select(set, {}, account);
  EXPECT_EQ(account.kept, 200U);
  EXPECT_NEAR(static_cast<double>(account.held_out), 20, 2);
  std::size_t borders = 0;
  for (std::size_t i = 1; i < set.faces.size(); ++i)
    borders += set.faces[i].held_out != set.faces[i - 1].held_out;
  EXPECT_LE(borders, 2U); // eight seconds: one block
  EXPECT_EQ(account.held_out, static_cast<std::size_t>(std::ranges::count(set.faces, true, &Face::held_out)));
}

TEST(Selection, DropsBlurredFaces) {
  FaceSet set = made_faces(60, rosy, 1, false);
  for (std::size_t i = 0; i < 7; ++i)
    set.faces[5 * i].sharpness = .2F;
  Account account = seen(set);
  select(set, {}, account);
  EXPECT_EQ(account.blurred, 7U);
  EXPECT_EQ(account.kept, 53U);
}

TEST(Selection, SharpnessFallsWithBlur) {
  const Face face = made_face(rosy, .5, 1);
  cv::Mat blurred;
  cv::GaussianBlur(face.crop, blurred, {}, 3);
  EXPECT_GT(sharpness(face.crop), 3 * sharpness(blurred));
}

TEST(Selection, KeepsTheMainPersonAndLeavesPassersByOut) {
  FaceSet set = made_faces(80, rosy, 1, false);
  join(set, 10, 2);
  Account account = seen(set);
  select(set, {}, account);
  EXPECT_EQ(account.others, 10U);
  EXPECT_EQ(account.kept, 80U);
  EXPECT_NEAR(set.mean[1], 1, 1e-5);
  EXPECT_NEAR(set.mean[2], 0, 1e-5);
}

TEST(Selection, RefusesTwoPeopleMixed) {
  FaceSet set = made_faces(80, rosy, 1, false);
  join(set, 60, 2);
  EXPECT_THAT(refusal(set),
              HasSubstr("The subject clips show several people (80 faces of one, 60 of another)"));
}

TEST(Selection, RefusesNobody) {
  EXPECT_THAT(refusal({}), HasSubstr("The subject clips show no face."));
}

TEST(Selection, RefusesOneFrame) {
  EXPECT_THAT(refusal(made_faces(1, rosy, 1)), HasSubstr("have only 1 different faces"));
}

TEST(Selection, ThinsPosesThatAreThereOften) {
  FaceSet set = made_faces(400, rosy, 1, false);
  for (std::size_t i = 0; i < set.faces.size(); ++i)
    set.faces[i].pose = {i < 360 ? 2.F : 33.F, 0, 0};
  Account account = seen(set);
  select(set, {.most = 100}, account);
  EXPECT_NEAR(static_cast<double>(account.kept), 100, 5);
  EXPECT_EQ(account.thinned, 400 - account.kept);
  const auto rare = std::ranges::count_if(set.faces, [](const Face& face) { return face.pose[0] > 30; });
  EXPECT_GT(rare, 18); // a tenth of the seen ones, at least a fifth of the kept ones
}

TEST(Selection, DrawsRarePosesMoreOften) {
  std::vector<Face> faces = made_faces(50, rosy, 1).faces;
  for (Face& face : faces)
    face.pose = {0, 0, 0};
  faces[10].pose[0] = 45;
  const std::vector<double> weight = balance(faces);
  double sum = 0;
  for (const double one : weight)
    sum += one;
  EXPECT_NEAR(sum, 50, 1e-9);
  EXPECT_GT(weight[10], 2 * weight[11]);
}

TEST(Selection, TellsDuplicatesFromAnOpeningMouth) {
  DuplicateFilter filter;
  const cv::Mat closed = made_face(rosy, 0, 1).crop;
  cv::Mat noisy = closed.clone();
  noisy.at<cv::Vec3b>(90, 90) = {0, 0, 0};
  EXPECT_FALSE(filter.is_like_before(closed, 0, 1));
  EXPECT_TRUE(filter.is_like_before(noisy, 0, 1));
  EXPECT_FALSE(filter.is_like_before(made_face(rosy, .5, 1).crop, 0, 1));
  EXPECT_FALSE(filter.is_like_before(closed, 0, 2)); // somebody else
}

TEST(Selection, FindsPeopleAcrossClips) {
  std::vector<Face> faces = made_faces(20, rosy, 1).faces;
  for (Face& face : made_faces(30, rosy, 1).faces) {
    face.clip = 1;
    face.descriptor[40] = .3F; // another day
    faces.push_back(std::move(face));
  }
  for (Face& face : made_faces(5, rosy, 2).faces) {
    face.clip = 2;
    faces.push_back(std::move(face));
  }
  const std::vector<Person> people = people_of(faces);
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].faces, 50U);
  EXPECT_EQ(people[0].tracks.size(), 2U);
  EXPECT_EQ(people[1].faces, 5U);
}

} // namespace
} // namespace deid::test
