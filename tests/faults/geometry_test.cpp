// Elements between facedetect and the cover that move, cut, mix or convert the picture.
#include "tests/faults/truth.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

constexpr int count = 5;

struct Between {
  const char* elements;
  bool faces_stay_known; ///< the cover must know where the faces are: no doubt
};

/// How gtest_discover_tests and the row name it.
void PrintTo(const Between& between, std::ostream* out) {
  *out << between.elements;
}

class Geometry : public ::testing::TestWithParam<Between> {};

TEST_P(Geometry, NothingLeaks) {
  const auto frames = footage(count);
  const std::string elements = GetParam().elements;
  const Truth truth = truth_of(frames, elements);
  Line line("deidfacedetect lookahead=0 ! " + elements + " ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_EQ(line.left().size(), static_cast<std::size_t>(count));
  if (GetParam().faces_stay_known)
    EXPECT_EQ(line.story(), "5 faces covered");
  else
    EXPECT_TRUE(line.story().starts_with("5 frames covered whole")) << line.story();
  report(elements + " before the cover", line, truth);
}

constexpr std::array betweens{
    Between{"videoflip video-direction=horiz", false},
    Between{"videoflip video-direction=vert", false},
    Between{"videoflip video-direction=90r", false},
    Between{"videoflip video-direction=90l", false},
    Between{"videoflip video-direction=180", false},
    Between{"videoflip video-direction=ul-lr", false},
    Between{"videoflip video-direction=ur-ll", false},
    Between{"videocrop left=100", false},
    Between{"videocrop left=16 right=16 top=8 bottom=8", false},
    Between{"videocrop left=100 ! videoscale ! video/x-raw,width=640,height=360,pixel-aspect-ratio=1/1",
            false},
    Between{"videobox left=-80 right=80", false},
    Between{"compositor sink_0::xpos=60", false},
    Between{"compositor", false},
    Between{"videoscale ! video/x-raw,width=320,height=180", true},
    Between{"videoscale ! video/x-raw,width=960,height=540", true},
    Between{"videoscale add-borders=true ! video/x-raw,width=480,height=480,pixel-aspect-ratio=1/1", false},
    Between{"videoconvert ! video/x-raw,format=NV12", true},
    Between{"videoconvert ! video/x-raw,format=BGRx", true},
    Between{"videoconvert ! video/x-raw,format=GRAY8", true},
    Between{"videobalance brightness=0.3", false},
    Between{"gamma gamma=2.0", false},
    Between{"queue ! identity", true},
};

INSTANTIATE_TEST_SUITE_P(Between, Geometry, ::testing::ValuesIn(betweens),
                         [](const auto& test) { return "Case" + std::to_string(test.index); });

} // namespace
} // namespace deid::test
