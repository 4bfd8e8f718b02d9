// A piece of a face, cut off by the edge of a sweep's area: whose it is, and what stays covered.
#include "elements/facedetect/association.hpp"
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
  Sighting piece{.box = {120, 42, 60, 45}, .score = .7F, .strong = true, .cut = true};
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
  EXPECT_TRUE(begins_one([](Scene& s) { s.piece.box.y -= 14; })) << "partly beside the face";
  EXPECT_TRUE(begins_one([](Scene& s) { s.tracks[0].trust.unconfirmed = 1; })) << "face not confirmed";
  EXPECT_TRUE(begins_one([](Scene& s) { s.tracks[0].trust.doubtful = true; })) << "landmarks in doubt";
  EXPECT_TRUE(begins_one([](Scene& s) {
    std::get<Seen>(s.tracks[0].state).mesh->presence = tuning::sure_presence;
  })) << "landmarks not sure";
}

} // namespace
} // namespace deid::facedetect
