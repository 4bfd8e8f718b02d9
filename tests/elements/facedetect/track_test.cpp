// The states of a track: every transition from every state.
#include "elements/facedetect/track.hpp"
#include "elements/facedetect/tuning.hpp"
#include "fake_finder.hpp"
#include <array>
#include <gtest/gtest.h>

namespace deid::facedetect {
namespace {

const cv::Rect2f here(100, 80, 60, 70), there(130, 80, 60, 70), beside(90, 70, 80, 90);
const Absence absent{
    .last_box = beside, .anchor = there, .beats = 4, .frames = 3, .sweeps = 2, .still_there = true};

const char* name_of(const TrackState& state) {
  constexpr std::array names{"seen", "due", "lost", "waiting"};
  return names.at(state.index());
}

Track track_in(TrackState state) {
  Track track;
  track.id = 7;
  track.box = here;
  track.velocity = {10, 0};
  track.trust.frames_seen = 5;
  track.state = std::move(state);
  return track;
}

TrackState seen_with_mesh() {
  return Seen{.mesh = test::mesh_in(here, 0.95F), .covered_too = beside, .carried = true};
}

void seat_there(Track& track) {
  seat(track, {.box = there, .score = 0.8F}, {.beats = 2});
}
void lose_it(Track& track) {
  lose(track, {.beats = 2});
}
void wait_there(Track& track) {
  track = waiting_copy(track, 8);
}

struct Row {
  TrackState before;
  void (*change)(Track&);
  const char* after;
  bool found_again = false;
  cv::Point2f velocity{}; ///< afterwards, px a beat
};

// 30 px in two beats are 15 px a beat, of which the velocity takes velocity_weight.
const cv::Point2f smoothed(10 * (1 - tuning::velocity_weight) + 15 * tuning::velocity_weight, 0);
const cv::Point2f as_before(10, 0);

const Row rows[] = {
    {Seen{}, seat_there, "seen"}, // a second detection in one frame gives no velocity
    {Due{}, seat_there, "seen", false, smoothed},
    {Lost{absent}, seat_there, "seen", true},
    {Waiting{absent}, seat_there, "seen", true},
    {Seen{}, lose_it, "lost", false, as_before},
    {Due{}, lose_it, "lost", false, as_before},
    {Lost{absent}, lose_it, "lost", false, as_before},
    {Waiting{absent}, lose_it, "waiting", false, as_before},
    {Seen{}, begin_frame, "due", false, as_before},
    {Due{}, begin_frame, "due", false, as_before},
    {Lost{absent}, begin_frame, "lost", false, as_before},
    {Waiting{absent}, begin_frame, "waiting", false, as_before},
    {Seen{}, give_way, "lost"}, // the velocity of the prediction, which is none here
    {Lost{absent}, wait_there, "waiting", false, as_before},
    {Waiting{absent}, wait_there, "waiting", false, as_before},
};

TEST(Transitions, LeadFromEveryStateToTheRightOne) {
  for (const Row& row : rows) {
    Track track = track_in(row.before);
    row.change(track);
    SCOPED_TRACE(std::string(name_of(row.before)) + " to " + row.after);
    EXPECT_STREQ(name_of(track.state), row.after);
    EXPECT_EQ(track.now.found_again, row.found_again);
    EXPECT_FLOAT_EQ(track.velocity.x, row.velocity.x);
    EXPECT_EQ(track.lost(), track.absence() != nullptr);
    EXPECT_EQ(track.seen(), std::string(row.after) == "seen");
    EXPECT_EQ(track.waits(), std::string(row.after) == "waiting");
  }
}

TEST(Transitions, SeatTakesTheDetectionAndForgetsTheAbsence) {
  Track track = track_in(Waiting{absent});
  track.now.vanished = true;
  seat(track, {.box = there, .roll = 0.2F, .score = 0.8F, .origin = Origin::detected, .covered_too = beside},
       {});
  EXPECT_EQ(track.box, there);
  EXPECT_EQ(track.roll, 0.2F);
  EXPECT_EQ(track.score, 0.8F);
  EXPECT_EQ(std::get<Seen>(track.state).origin, Origin::detected);
  EXPECT_EQ(covered_too(track), beside);
  EXPECT_FALSE(std::get<Seen>(track.state).carried);
  EXPECT_FALSE(track.now.vanished);
  EXPECT_EQ(track.beats_lost(), 0);
  seat(track, {.box = here}, {});
  EXPECT_TRUE(track.now.found_again) << "a second detection in this frame keeps it";
}

TEST(Transitions, FramesApartGiveNoVelocity) {
  Track track = track_in(Due{});
  seat(track, {.box = there}, {.beats = 30, .apart = true});
  EXPECT_EQ(track.velocity, cv::Point2f());
}

TEST(Transitions, ALossKeepsThePlaceOfTheLastDetectionAndWhatWasCovered) {
  Track track = track_in(seen_with_mesh());
  lose(track, {.beats = 3});
  ASSERT_TRUE(track.lost());
  const cv::Rect2f last = track.box;
  EXPECT_EQ(track.absence()->last_box, last);
  EXPECT_EQ(track.absence()->anchor, last);
  EXPECT_EQ(track.absence()->beats, 3);
  EXPECT_EQ(track.absence()->frames, 1);
  EXPECT_EQ(track.absence()->sweeps, 0);
  EXPECT_FALSE(track.absence()->still_there);
  EXPECT_EQ(covered_too(track), beside);
  EXPECT_EQ(track.mesh(), nullptr);
  track.box = there;
  lose(track, {.beats = 2});
  EXPECT_EQ(track.absence()->last_box, last) << "the box is predicted by now";
  EXPECT_EQ(track.absence()->beats, 5);
  EXPECT_EQ(track.absence()->frames, 2);
}

TEST(Transitions, AFrameBeginsWithoutTheResultsOfTheOneBefore) {
  Track track = track_in(seen_with_mesh());
  track.now = {.expected = there,
               .born = true,
               .found_again = true,
               .corrected = true,
               .vanished = true,
               .left_behind = 3};
  begin_frame(track);
  EXPECT_TRUE(std::get<Due>(track.state).had_mesh);
  EXPECT_EQ(covered_too(track), beside);
  EXPECT_EQ(track.mesh(), nullptr);
  EXPECT_EQ(track.now.expected, cv::Rect2f());
  EXPECT_FALSE(track.now.born || track.now.found_again || track.now.corrected || track.now.vanished);
  EXPECT_EQ(track.now.left_behind, 0U);
  Track without = track_in(Seen{});
  begin_frame(without);
  EXPECT_FALSE(std::get<Due>(without.state).had_mesh);
}

TEST(Transitions, WhoGivesWayIsLostWhereItWasExpected) {
  Track track = track_in(seen_with_mesh());
  track.now.expected = there;
  track.now.expected_velocity = {3, 0};
  track.now.found_again = true;
  give_way(track);
  ASSERT_TRUE(track.lost());
  EXPECT_EQ(track.box, there);
  EXPECT_EQ(track.absence()->last_box, there);
  EXPECT_EQ(track.absence()->anchor, there);
  EXPECT_EQ(track.absence()->beats, 1);
  EXPECT_EQ(track.absence()->frames, 1);
  EXPECT_EQ(track.velocity, cv::Point2f(3, 0));
  EXPECT_FALSE(track.now.found_again);
}

TEST(Transitions, TheCopyThatWaitsKeepsTheAbsence) {
  const Track track = track_in(Lost{absent});
  const Track copy = waiting_copy(track, 8);
  EXPECT_EQ(track.id, 7U);
  EXPECT_EQ(copy.id, 8U);
  EXPECT_EQ(copy.absence()->beats, absent.beats);
  EXPECT_EQ(copy.absence()->sweeps, absent.sweeps);
  EXPECT_TRUE(copy.absence()->still_there);
}

TEST(Transitions, ANewTrackIsSeenAndBorn) {
  const Track track = begin_track(9, {.box = here, .by_detector = true}, 1234);
  EXPECT_EQ(track.id, 9U);
  EXPECT_TRUE(track.seen());
  EXPECT_TRUE(track.now.born);
  EXPECT_FALSE(track.now.found_again);
  EXPECT_EQ(track.now.expected, here);
  EXPECT_EQ(track.last_seen, 1234);
  EXPECT_EQ(track.trust.frames_seen, 1);
}

struct TrustRow {
  const char* name;
  Followed seen;
  int unconfirmed, unsupported, unsure_for; ///< afterwards; 4 and a step of 2 beats before
  bool strong_only;                         ///< afterwards; true before
};

Followed by_mesh(float presence, bool doubtful) {
  return {.box = there, .mesh = test::mesh_in(there, presence), .doubtful = doubtful};
}
Followed by_detector(bool strong, bool supported = false) {
  return {.box = there, .score = 0.7F, .by_detector = true, .strong = strong, .supported = supported};
}

TEST(Trust, GrowsWithEachKindOfConfirmation) {
  const TrustRow trust_rows[] = {
      {"appearance", {.box = there}, 6, 6, 5, true},
      {"sure mesh", by_mesh(0.95F, false), 6, 0, 0, true},
      {"unsure mesh", by_mesh(0.7F, false), 6, 0, 5, true},
      {"doubtful mesh", by_mesh(0.95F, true), 6, 6, 5, true},
      {"BlazeFace", by_detector(false), 0, 6, 5, false},
      {"BlazeFace with support", by_detector(false, true), 0, 0, 5, false},
      {"CenterFace", by_detector(true), 0, 0, 5, true},
  };
  for (const TrustRow& row : trust_rows) {
    Track track = track_in(Lost{absent});
    track.trust = {
        .detector_score = 0.4F, .strong_only = true, .unconfirmed = 4, .unsupported = 4, .unsure_for = 4};
    seat(track, row.seen, {.beats = 2});
    EXPECT_EQ(track.trust.unconfirmed, row.unconfirmed) << row.name;
    EXPECT_EQ(track.trust.unsupported, row.unsupported) << row.name;
    EXPECT_EQ(track.trust.unsure_for, row.unsure_for) << row.name;
    EXPECT_EQ(track.trust.strong_only, row.strong_only) << row.name;
    EXPECT_EQ(track.trust.doubtful, row.seen.doubtful) << row.name;
    EXPECT_EQ(track.trust.detector_score, row.seen.by_detector ? 0.7F : 0.4F) << row.name;
    EXPECT_EQ(track.trust.sure_box, row.unsure_for == 0 ? there : cv::Rect2f()) << row.name;
    EXPECT_EQ(track.trust.frames_seen, 1) << row.name;
  }
}

} // namespace
} // namespace deid::facedetect
