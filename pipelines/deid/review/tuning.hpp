#pragma once
#include <cstddef>

/// The numbers by which a review decides what a person looks at. A risk is a share of 1: how likely a face is
/// seen there, or an unwanted cover. Set by reasoning, and checked by bench/review: another order of risks
/// changes which moments come first.
namespace deid::review::tuning {

// moments
constexpr int context = 12;        ///< frames before a face appears and after it is lost that are looked at
constexpr int edge_context = 6;    ///< the same at the edge of the frame
constexpr int longest = 50;        ///< frames of a moment; longer ones are looked at in their last part
constexpr int apart = 3;           ///< frames between two events of one moment, at most
constexpr int longest_gap = 90;    ///< frames without a face that is there before and after
constexpr double share = .10;      ///< of the video's frames that moments of small risk may fill
constexpr int least_budget = 10;   ///< frames that they may always fill
constexpr double always = .5;      ///< a moment with a reason of this risk is shown, however many there are
constexpr double edge = .02;       ///< of the frame's side: a box is at the edge
constexpr double low_score = .5;   ///< of a detected face
constexpr double near_limit = .65; ///< dlib distance; .6 is the limit of faceswap's check
constexpr double jump = .8;        ///< of a box's width, from frame to frame
constexpr double overlap = .1;     ///< IoU of two people
constexpr int again = 125;         ///< frames until the same small doubt about one person is shown again
constexpr double same_place = .5;  ///< share of the smaller of two boxes, a few frames apart, that is common
constexpr double holds_place = .8; ///< share of a face's box within another cover: nothing of it is seen
constexpr int held_frames = 3;     ///< shorter holds are blinks

// sheets of pictures
constexpr std::size_t sheet_tiles = 40; ///< pictures that a screen of 1440 px shows without scrolling
constexpr double around = 1;            ///< face widths that a picture leaves free at each side of a place
constexpr double walks = .1;            ///< face widths a frame that a face may go where nothing covers it
constexpr int least_part = 48;          ///< px of the video that a picture shows, at least

/// Risks.
namespace risk {
constexpr double open = .98, face = .9, weak_face = .6, head = .55; // the second look
constexpr double gap = .92, broken_off = .85, sprung_up = .6;       // what facedetect does not do by itself
constexpr double lost = .45, appeared = .45, jumped = .4, doubt = .3, near_limit = .35;
constexpr double held = .2, held_each = .01, held_most = .4;
constexpr double low_score = .2, at_edge = .15, back_filled = .12, changed = .12, close = .1, cut = .12;
} // namespace risk

// following a drawn region
constexpr int grid = 12;              ///< points a side
constexpr float most_back = 1.5F;     ///< px of the reduced picture: a point that does not come back is lost
constexpr double least_points = .35;  ///< share of points that must come back
constexpr double least_alike = .55;   ///< correlation with the picture of the frame before
constexpr double least_like_key = .2; ///< correlation with the picture where the person drew it
constexpr double still = 2, still_to_key = 6; ///< levels, mean difference: nothing happens in the box
constexpr double most_scale = 1.15;           ///< from frame to frame, and its inverse
constexpr int following_side = 480;           ///< px of the larger side of the reduced picture
constexpr int most_followed = 3000;           ///< frames in one direction

// the second look
constexpr int looks_a_second = 12; ///< searches for faces
constexpr int heads_every = 3;     ///< searches for heads: one in so many searches for faces
constexpr int turned_every = 4;    ///< turned pictures: one in so many
constexpr int look_side = 640;     ///< px of the larger side of the searched picture, a multiple of 32
constexpr float look_score = .5F;  ///< least score of a face
constexpr double same_detail = .8; ///< correlation of details: above it, pixels are the original's
constexpr double least_detail =
    1.2;                     ///< standard deviation of details [levels]; below it there is nothing to compare
constexpr int look_join = 6; ///< frames between two sightings of one find
constexpr double inside = .5; ///< share of a find that a cover must hold

} // namespace deid::review::tuning
