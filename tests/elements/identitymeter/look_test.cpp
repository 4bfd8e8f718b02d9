// The pixels that are used: chips, and faces found again, with fake networks.
#include "elements/identitymeter/look.hpp"
#include "elements/identitymeter/measurement.hpp"
#include "tests/elements/cover/faces.hpp"
#include "tests/elements/identitymeter/made.hpp"
#include "tests/support/rgb_view.hpp"
#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace deid::identitymeter {
namespace {

using test::at;

/// A frame of RGB with a pattern.
struct Picture {
  explicit Picture(cv::Size size) : rgb(size, CV_8UC3) {
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        rgb.at<cv::Vec3b>(y, x) = {static_cast<uchar>(x * 3 + y), static_cast<uchar>(y * 5),
                                   static_cast<uchar>(x ^ y)};
    view = test::rgb_view(rgb);
  }
  cv::Mat rgb;
  video::FrameView view;
};

/// Returns the mesh that it is given; a chip's descriptor is the mean of its colours.
struct FakeNetworks final : Networks {
  models::FaceMeshResult mesh(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) override {
    ++meshes;
    EXPECT_EQ(crop.size(), cv::Size(192, 192));
    looked_at = models::transform(crop_to_frame, {96, 96});
    return found;
  }
  Descriptor describe(const cv::Mat& chip) override {
    ++descriptions;
    EXPECT_EQ(chip.size(), cv::Size(150, 150));
    const cv::Scalar mean = cv::mean(chip);
    return at(static_cast<float>(mean[0]), static_cast<float>(mean[1]));
  }
  models::FaceMeshResult found{};
  cv::Point2f looked_at{};
  int meshes = 0, descriptions = 0;
};

FaceRegion somebody(cv::Rect2f box, std::uint32_t id = 1) {
  FaceRegion face = test::mesh_face(box, 0, id);
  const auto place = [&](std::size_t index, float x, float y) {
    face.landmarks[index] = {box.x + x * box.width, box.y + y * box.height, 0};
  };
  place(263, .86F, .3F);
  place(362, .65F, .3F);
  place(33, .12F, .3F);
  place(133, .33F, .3F);
  place(2, .49F, .6F);
  return face;
}

models::FaceMeshResult seen(const FaceRegion& face, float presence = .9F) {
  models::FaceMeshResult mesh;
  mesh.landmarks = face.landmarks;
  mesh.presence = presence;
  return mesh;
}

TEST(Chip, IsThatOfTheWholeFrameWhereverTheFaceIs) {
  const Picture picture({333, 251});
  for (const cv::Rect2f box :
       {cv::Rect2f(100, 60, 90, 110), cv::Rect2f(7, 9, 240, 230), cv::Rect2f(-30, -20, 120, 140),
        cv::Rect2f(280, 200, 100, 120), cv::Rect2f(33, 31, 20, 24)}) {
    models::FaceMeshResult mesh;
    mesh.landmarks = somebody(box).landmarks;
    const Points points = models::chip_points(mesh);
    const SecretBytes chip = cut_chip(picture.view, points);
    ASSERT_FALSE(chip.empty()) << box;
    EXPECT_EQ(cv::norm(picture_of(chip), models::face_chip(picture.rgb, points), cv::NORM_L1), 0) << box;
  }
}

TEST(Chip, ThereIsNoneOutsideTheFrameOrOfNoFace) {
  const Picture picture({64, 48});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Points& points :
       {Points{{{1000, 900}, {990, 900}, {960, 900}, {970, 900}, {980, 920}}},
        Points{{{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}}, Points{{{nan, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 9}}},
        Points{{{1e30F, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 9}}}})
    EXPECT_TRUE(cut_chip(picture.view, points).empty());
  EXPECT_THROW((void)picture_of(SecretBytes(7)), std::invalid_argument);
}

TEST(Originals, AreTakenWithTheirPlaces) {
  const Picture picture({320, 240});
  FaceRegion broken = somebody({200, 100, 50, 60}, 3);
  for (cv::Point3f& point : broken.landmarks)
    point = {5, 5, 0};
  FakeNetworks networks;
  const OriginalFaces taken = take_originals(
      picture.view, std::vector{somebody({60, 40, 100, 120}, 1), test::box_face({10, 10, 40, 50}, 2), broken},
      9, networks);
  EXPECT_TRUE(taken.taken);
  EXPECT_EQ(taken.number, 9U);
  ASSERT_EQ(taken.faces.size(), 3U);
  EXPECT_EQ(taken.faces[0].descriptor.size(), 128U);
  EXPECT_EQ(networks.descriptions, 1);
  EXPECT_NEAR(taken.faces[0].centre.x, 110, 1);
  EXPECT_NEAR(taken.faces[0].side, 180, 2); // 1.5 times the larger side of the mesh
  for (const std::size_t none : {1U, 2U}) {
    EXPECT_TRUE(taken.faces[none].descriptor.empty());
    EXPECT_FALSE(taken.faces[none].points);
  }
  EXPECT_EQ(taken.faces[1].centre, cv::Point2f(30, 35));
  EXPECT_EQ(taken.faces[1].side, 75);
  EXPECT_FALSE(left_out(picture.view, 4).taken);
}

TEST(Result, ItsFaceIsLookedForWhereItWas) {
  const Picture picture({320, 240});
  const FaceRegion face = somebody({60, 40, 100, 120});
  FakeNetworks networks;
  const OriginalFaces taken = take_originals(picture.view, std::vector{face}, 0, networks);
  networks.found = seen(face);
  const auto points = find_points(picture.view, taken.faces[0], networks);
  ASSERT_TRUE(points);
  EXPECT_NEAR(networks.looked_at.x, 110, 1);
  EXPECT_NEAR(networks.looked_at.y, 100, 1);
  EXPECT_EQ((*points)[0], cv::Point2f(face.landmarks[263].x, face.landmarks[263].y));
}

TEST(Result, AMeshThatIsUnsureElsewhereOrOfAnotherSizeIsNone) {
  const Picture picture({320, 240});
  FakeNetworks networks;
  const OriginalFaces taken =
      take_originals(picture.view, std::vector{somebody({60, 40, 100, 120})}, 0, networks);
  const auto finds = [&](const models::FaceMeshResult& mesh) {
    networks.found = mesh;
    return find_points(picture.view, taken.faces[0], networks).has_value();
  };
  const auto there = somebody({65, 42, 100, 120});
  EXPECT_TRUE(finds(seen(there, .51F)));
  EXPECT_FALSE(finds(seen(there, .49F)));
  EXPECT_FALSE(finds(seen(there, std::numeric_limits<float>::quiet_NaN())));
  EXPECT_FALSE(finds(seen(somebody({160, 40, 100, 120}))));
  EXPECT_FALSE(finds(seen(somebody({95, 85, 30, 36}))));
  EXPECT_FALSE(finds(seen(somebody({0, 0, 280, 300}))));
  EXPECT_FALSE(finds({}));
}

struct MeterRun {
  explicit MeterRun(Landmarks landmarks) : picture({320, 240}) {
    auto made = std::make_unique<FakeNetworks>();
    taken = take_originals(picture.view, std::vector{face}, 0, *made);
    networks = made.get();
    MeterOptions options;
    options.landmarks = landmarks;
    measurement = std::make_unique<Measurement>(options, std::move(made));
  }
  void frame() { measurement->measure({picture.view, std::span(&face, 1), taken, 0}, "a test"); }
  FaceRegion face = somebody({60, 40, 100, 120});
  Picture picture;
  OriginalFaces taken;
  FakeNetworks* networks;
  std::unique_ptr<Measurement> measurement;
};

TEST(Measurement, CutsByTheResultsLandmarksAndElseByTheOriginals) {
  MeterRun run(Landmarks::result);
  run.networks->found = seen(somebody({64, 42, 100, 120}));
  run.frame();
  EXPECT_EQ(run.measurement->summary(false).counts.found, 1U);
  EXPECT_GT(*run.measurement->summary(false).all.original.mean(), 0); // another chip
  run.networks->found = {};
  run.frame();
  const Summary summary = run.measurement->summary(true);
  EXPECT_EQ(summary.counts.found, 1U);
  EXPECT_EQ(summary.counts.assumed, 1U);
  EXPECT_EQ(*summary.all.original.least(), 0); // the same pixels
  EXPECT_EQ(run.networks->descriptions, 3);    // the original is described once, wherever its data goes
  EXPECT_EQ(summary.faces[static_cast<std::size_t>(identity::State::none)], 2U);
}

TEST(Measurement, WithTheOriginalsLandmarksNoMeshIsRun) {
  MeterRun run(Landmarks::original);
  run.frame();
  EXPECT_EQ(run.networks->meshes, 0);
  EXPECT_EQ(*run.measurement->summary(false).all.original.mean(), 0);
}

TEST(Measurement, AFaceThatWasInProfileCanStillBeComparedWithItsMean) {
  MeterRun run(Landmarks::result);
  run.networks->found = seen(run.face);
  run.frame();
  run.taken.faces[0].descriptor.clear();
  run.taken.faces[0].points.reset();
  run.frame();
  const Summary summary = run.measurement->summary(false);
  EXPECT_EQ(summary.counts.without_landmarks, 1U);
  EXPECT_EQ(summary.all.original.count(), 1U);
  EXPECT_EQ(summary.all.average.count(), 2U);
  run.networks->found = {};
  run.frame();
  EXPECT_EQ(run.measurement->summary(false).counts.unseen, 1U);
}

TEST(Measurement, SaysOnceThatFramesCannotBeMeasured) {
  MeterRun run(Landmarks::original);
  EXPECT_TRUE(run.measurement->missed(Missing::no_stamp));
  EXPECT_FALSE(run.measurement->missed(Missing::no_stamp));
  EXPECT_TRUE(run.measurement->missed(Missing::no_original));
  run.frame();
  EXPECT_TRUE(run.measurement->missed(Missing::no_original));
  EXPECT_EQ(run.measurement->summary(false).counts.frames, 5U);
  EXPECT_EQ(run.measurement->summary(false).counts.measured, 1U);
  EXPECT_TRUE(run.measurement->finish());
  EXPECT_FALSE(run.measurement->finish());
  run.measurement->restart();
  EXPECT_EQ(run.measurement->summary(true).counts.frames, 0U);
  EXPECT_FALSE(run.measurement->finish());
}

} // namespace
} // namespace deid::identitymeter
