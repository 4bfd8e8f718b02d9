// A part of a face that a detector takes for a face: whose it is, and what stays covered.
#include "elements/facedetect/association.hpp"
#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/tuning.hpp"
#include "fake_finder.hpp"
#include <algorithm>
#include <gtest/gtest.h>

namespace deid::facedetect {
namespace {

const cv::Rect2f face(100, 40, 100, 160);

/// One large face, confirmed in this frame, in a frame of 320x240.
struct Scene {
  Scene() {
    frame.view.width = 320;
    frame.view.height = 240;
    frame.view.layout = video::Layout::gray;
    frame.view.planes[0] = {pixels.data(), 320};
    finder.actors = {{.place = [](int) { return face; }}};
    tracks.push_back(begin_track(1,
                                 {.box = face,
                                  .score = .9F,
                                  .origin = Origin::detected,
                                  .by_detector = true,
                                  .strong = true,
                                  .mesh = test::mesh_in(face, .95F)},
                                 0));
  }
  /// Returns whether the sighting began a track.
  bool take(const Sighting& sighting) {
    const Moment moment{frame, settings};
    return Association(finder, tracks, refusals, next_id, moment).take(sighting);
  }
  [[nodiscard]] bool all_covered(const cv::Rect2f& box) const {
    return std::ranges::any_of(
        tracks, [&](const Track& track) { return (covered_by(track) & box).area() > .999F * box.area(); });
  }
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(320UL * 240);
  PendingFrame frame{};
  Settings settings{};
  test::FakeFinder finder;
  Refusals refusals;
  std::vector<Track> tracks;
  std::uint32_t next_id = 2;
  Sighting piece{.box = {120, 37, 60, 45}, .score = .7F, .strong = true, .cut = true};
};

TEST(Piece, OfASureFaceIsCoveredWithIt) {
  Scene scene;
  ASSERT_EQ(owner_of(scene.tracks, scene.piece), nullptr)
      << "else the piece is a sighting of the face itself";
  EXPECT_FALSE(scene.take(scene.piece));
  EXPECT_EQ(scene.tracks.size(), 1U);
  EXPECT_NE(scene.tracks[0].mesh(), nullptr) << "the face keeps its landmarks";
  EXPECT_TRUE(scene.all_covered(scene.piece.box));
}

TEST(Piece, ThatMayBeAnotherFaceGetsATrackOfItsOwn) {
  const auto begins_one = [](auto&& change) {
    Scene scene;
    change(scene);
    return scene.take(scene.piece) && scene.all_covered(scene.piece.box);
  };
  EXPECT_TRUE(begins_one([](Scene& s) { s.piece.cut = false; })) << "whole";
  EXPECT_TRUE(begins_one([](Scene& s) { s.piece.score = .95F; })) << "surer than the face";
  EXPECT_TRUE(begins_one([](Scene& s) { s.piece.box.y -= 9; })) << "partly beside the face";
  EXPECT_TRUE(begins_one([](Scene& s) { s.tracks[0].trust.unconfirmed = 1; })) << "face not confirmed";
  EXPECT_TRUE(begins_one([](Scene& s) { s.tracks[0].trust.doubtful = true; })) << "landmarks in doubt";
  EXPECT_TRUE(begins_one([](Scene& s) {
    std::get<Seen>(s.tracks[0].state).mesh->presence = tuning::sure_presence;
  })) << "landmarks not sure";
}

/// Follows the face into a frame in which a close look finds only a part, and the mesh finds the face.
std::optional<Followed> followed(const cv::Rect2f& part, float score, auto&& change) {
  Scene scene;
  scene.pixels[0] = 20; // from this frame on the part is seen
  const auto never = [](int) { return false; };
  scene.finder.actors = {{.place = [](int) { return face; }, .glanced = never, .swept = never},
                         test::only_swept(part, score)};
  scene.finder.reach = .6F;
  Wish wish{.box = face, .last = face, .confirm = true, .confirmed = .9F};
  change(wish);
  return follow_face(scene.finder, scene.frame.view, wish);
}

TEST(WeakPart, OfASureFaceIsCoveredAndCostsNoFeatures) {
  const cv::Rect2f part(120, 50, 72, 85), beyond(146, 50, 72, 85);
  const auto as_it_is = [](Wish&) {};
  const auto kept = followed(part, .55F, as_it_is);
  ASSERT_TRUE(kept && kept->mesh);
  EXPECT_EQ(kept->covered_too, part);
  EXPECT_FALSE(kept->by_detector) << "a part confirms nothing";
  const auto loses_features = [&](const cv::Rect2f& box, float score, auto&& change) {
    const auto now = followed(box, score, change);
    return !now || !now->mesh;
  };
  EXPECT_TRUE(loses_features(beyond, .55F, as_it_is)) << "no cover from landmarks reaches beyond the outline";
  EXPECT_TRUE(loses_features(part, .8F, as_it_is)) << "a sure sighting may be another face in front";
  EXPECT_TRUE(loses_features(part, .55F, [](Wish& wish) { wish.confirmed = .52F; })) << "face hardly surer";
  EXPECT_TRUE(loses_features(part, .55F, [](Wish& wish) { wish.doubtful = true; })) << "landmarks in doubt";
}

} // namespace
} // namespace deid::facedetect
