// The bottom-up decoder against a plain-Python one (golden/make_openpose_goldens.py).
#include "models/manifest/manifest.hpp"
#include "models/openpose/openpose.hpp"
#include "tests/support/frames.hpp"
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace deid::models {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr double stride = 8;
const cv::Matx23f to_input(stride, 0, 0, 0, stride, 0);
const std::filesystem::path golden_dir = std::string(DEID_SOURCE_DIR) + "/tests/models/golden";

json golden() {
  std::ifstream in(golden_dir / "openpose.json");
  return json::parse(in);
}

PartSet set_of(const json& scene) {
  return scene.at("set") == "coco18" ? PartSet::coco18 : PartSet::body25;
}

PartMaps empty_maps(PartSet set, cv::Size cells) {
  PartMaps maps{.set = set};
  for (int i = 0; i < part_count(set); ++i)
    maps.heat.emplace_back(cells, CV_32FC1, cv::Scalar(0));
  for (std::size_t i = 0; i < 2 * limbs(set).size(); ++i)
    maps.fields.emplace_back(cells, CV_32FC1, cv::Scalar(0));
  return maps;
}

using Person = std::vector<std::optional<cv::Point2d>>;

Person person(const json& points) {
  Person out;
  for (const json& one : points)
    out.push_back(one.is_null() ? std::nullopt : std::optional(cv::Point2d(one[0], one[1])));
  return out;
}

cv::Point2d centre(int x, int y) {
  return {(x + .5) * stride, (y + .5) * stride};
}

void draw_part(cv::Mat& map, cv::Point2d at, double sigma) {
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x) {
      const cv::Point2d away = centre(x, y) - at;
      map.at<float>(y, x) =
          std::max(map.at<float>(y, x), static_cast<float>(std::exp(-away.dot(away) / (2 * sigma * sigma))));
    }
}

void draw_limb(PartMaps& maps, const Limb& limb, const std::vector<Person>& people) {
  cv::Mat& field_x = maps.fields[2 * static_cast<std::size_t>(limb.field)];
  cv::Mat& field_y = maps.fields[2 * static_cast<std::size_t>(limb.field) + 1];
  for (int row = 0; row < field_x.rows; ++row)
    for (int column = 0; column < field_x.cols; ++column) {
      double weight = 0;
      cv::Point2d sum;
      for (const Person& one : people) {
        const auto& a = one[static_cast<std::size_t>(limb.from)];
        const auto& b = one[static_cast<std::size_t>(limb.to)];
        if (!a || !b)
          continue;
        const double length = cv::norm(*b - *a);
        const cv::Point2d unit = (*b - *a) / length;
        const cv::Point2d from_a = centre(column, row) - *a;
        const double along = std::clamp(from_a.dot(unit), 0., length);
        const double here = std::clamp(2 - cv::norm(from_a - along * unit) / stride, 0., 1.);
        weight += here;
        sum += here * unit;
      }
      field_x.at<float>(row, column) = static_cast<float>(sum.x / std::max(weight, 1.));
      field_y.at<float>(row, column) = static_cast<float>(sum.y / std::max(weight, 1.));
    }
}

void add_noise(cv::Mat& map, double amplitude, double number) {
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x)
      map.at<float>(y, x) +=
          static_cast<float>(amplitude * std::sin(12.9898 * number + 78.233 * x + 37.719 * y));
}

/// The scene's maps, by the formula of the golden's script.
PartMaps draw(const json& scene) {
  PartMaps maps = empty_maps(set_of(scene), {scene.at("cells")[0], scene.at("cells")[1]});
  std::vector<Person> people;
  for (const json& one : scene.at("people"))
    people.push_back(person(one));
  for (std::size_t k = 0; k < maps.heat.size(); ++k)
    for (const Person& one : people)
      if (one[k])
        draw_part(maps.heat[k], *one[k], scene.at("sigma"));
  for (const Limb& limb : limbs(maps.set))
    draw_limb(maps, limb, people);
  double number = 0;
  for (auto* group : {&maps.heat, &maps.fields})
    for (cv::Mat& map : *group)
      add_noise(map, scene.at("noise"), number++);
  return maps;
}

json scene(const std::string& name) {
  const json all = golden();
  for (const json& one : all.at("scenes"))
    if (one.at("name") == name)
      return one;
  throw std::runtime_error("no scene " + name);
}

/// Largest distance of the person's points from the expected ones; infinite when other points are present.
double distance(const BodyPose& pose, const json& expected) {
  double worst = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    if (pose.parts.at(k).present == expected[k].is_null())
      return std::numeric_limits<double>::infinity();
    if (!expected[k].is_null())
      worst = std::max(worst,
                       cv::norm(cv::Point2d(pose.parts[k].at) - cv::Point2d(expected[k][0], expected[k][1])));
  }
  return worst;
}

/// Expects exactly the expected people; returns the largest distance.
double match(const std::vector<BodyPose>& people, const json& expected) {
  EXPECT_EQ(people.size(), expected.size());
  double worst = 0;
  for (const json& one : expected) {
    double best = std::numeric_limits<double>::infinity();
    for (const BodyPose& pose : people)
      best = std::min(best, distance(pose, one));
    worst = std::max(worst, best);
  }
  return worst;
}

PartMaps real_maps(const json& real) {
  const cv::Size cells(real.at("cells")[0], real.at("cells")[1]);
  std::ifstream in(golden_dir / "openpose_maps.bin", std::ios::binary);
  PartMaps maps = empty_maps(PartSet::coco18, cells);
  for (auto* group : {&maps.heat, &maps.fields})
    for (cv::Mat& map : *group) {
      cv::Mat bytes(cells, CV_8UC1);
      in.read(reinterpret_cast<char*>(bytes.data), static_cast<std::streamsize>(bytes.total()));
      const bool heat = group == &maps.heat;
      bytes.convertTo(map, CV_32F, heat ? 1 / 255. : 1 / 127.5, heat ? 0. : -1.);
    }
  EXPECT_TRUE(in.good());
  return maps;
}

TEST(OpenPoseDecode, AgreesWithPlainPythonOnDrawnMaps) {
  const json all = golden();
  ASSERT_GE(all.at("scenes").size(), 11U);
  for (const json& one : all.at("scenes")) {
    const double worst = match(decode(draw(one), to_input), one.at("expected"));
    std::printf("%s: worst %.3f px\n", one.at("name").get<std::string>().c_str(), worst);
    EXPECT_LE(worst, .5) << one.at("name");
  }
}

TEST(OpenPoseDecode, AgreesWithPlainPythonOnRealMaps) {
  const json real = golden().at("real");
  ASSERT_EQ(real.at("expected").size(), 2U);
  const double worst = match(decode(real_maps(real), to_input), real.at("expected"));
  std::printf("real maps: worst %.3f px\n", worst);
  EXPECT_LE(worst, .5);
}

TEST(OpenPoseDecode, FindsWhatWasDrawn) {
  for (const char* name : {"one person", "two people", "one person with feet", "six people"}) {
    const json one = scene(name);
    DecodeOptions options;
    EXPECT_LE(match(decode(draw(one), to_input, options), one.at("people")), 1.3) << name;
    options.refinement = Refinement::gaussian;
    const double noise = one.at("noise");
    EXPECT_LE(match(decode(draw(one), to_input, options), one.at("people")), .02 + 40 * noise) << name;
  }
}

TEST(OpenPoseDecode, AbsentPointsAreAbsentAndScoresAreInRange) {
  const auto people = decode(draw(scene("missing parts")), to_input);
  ASSERT_EQ(people.size(), 2U);
  for (const BodyPose& one : people) {
    ASSERT_EQ(one.parts.size(), 18U);
    EXPECT_GT(one.score, .8F);
    EXPECT_LE(one.score, 1.F);
    for (const BodyPart& part : one.parts)
      EXPECT_EQ(part.present, part.score > 0);
  }
  EXPECT_EQ(
      std::count_if(people[0].parts.begin(), people[0].parts.end(), [](auto& p) { return p.present; }) +
          std::count_if(people[1].parts.begin(), people[1].parts.end(), [](auto& p) { return p.present; }),
      14 + 11)
      << "an ankle without its knee hangs on nobody";
}

TEST(OpenPoseDecode, OptionsRule) {
  const PartMaps maps = draw(scene("three parts are nobody"));
  EXPECT_TRUE(decode(maps, to_input).empty());
  EXPECT_EQ(decode(maps, to_input, {.min_parts = 3}).size(), 1U);
  EXPECT_TRUE(decode(maps, to_input, {.min_parts = 3, .min_score = 5}).empty());
  const PartMaps two = draw(scene("two people"));
  EXPECT_TRUE(decode(two, to_input, {.part_threshold = 2}).empty());
  EXPECT_TRUE(decode(two, to_input, {.limb_threshold = 1.5}).empty());
  EXPECT_LE(decode(two, to_input, {.max_parts = 1}).size(), 1U);
  for (const DecodeOptions& bad :
       {DecodeOptions{.limb_samples = 1}, DecodeOptions{.limb_samples = 1 << 20},
        DecodeOptions{.limb_share = 1}, DecodeOptions{.limb_share = NAN},
        DecodeOptions{.part_threshold = NAN}, DecodeOptions{.min_parts = 0}, DecodeOptions{.max_parts = -1}})
    EXPECT_THROW((void)decode(two, to_input, bad), std::invalid_argument);
}

TEST(OpenPoseDecode, RefusesWhatAreNoNumbers) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    PartMaps heat = empty_maps(PartSet::coco18, {10, 10});
    heat.heat[17].at<float>(9, 9) = bad;
    EXPECT_THROW((void)decode(heat, to_input), ModelError);
    PartMaps field = empty_maps(PartSet::body25, {10, 10});
    field.fields[51].at<float>(0, 0) = bad;
    EXPECT_THROW((void)decode(field, to_input), ModelError);
  }
}

TEST(OpenPoseDecode, RefusesMapsThatDoNotFit) {
  PartMaps fewer = empty_maps(PartSet::coco18, {10, 10});
  fewer.heat.pop_back();
  EXPECT_THROW((void)decode(fewer, to_input), std::invalid_argument);
  PartMaps other = empty_maps(PartSet::coco18, {10, 10});
  other.set = PartSet::body25;
  EXPECT_THROW((void)decode(other, to_input), std::invalid_argument);
  PartMaps uneven = empty_maps(PartSet::coco18, {10, 10});
  uneven.fields[3] = cv::Mat::zeros(10, 11, CV_32FC1);
  EXPECT_THROW((void)decode(uneven, to_input), std::invalid_argument);
  uneven.fields[3] = cv::Mat::zeros(10, 10, CV_64FC1);
  EXPECT_THROW((void)decode(uneven, to_input), std::invalid_argument);
}

TEST(OpenPoseDecode, EmptyFlatAndHugeMapsHaveNobody) {
  for (const PartSet set : {PartSet::coco18, PartSet::body25}) {
    EXPECT_TRUE(decode(empty_maps(set, {0, 0}), to_input).empty());
    EXPECT_TRUE(decode(empty_maps(set, {1, 1}), to_input).empty());
    EXPECT_TRUE(decode(empty_maps(set, {46, 46}), to_input).empty());
    for (const float value : {1.F, -1.F, 3e38F}) {
      PartMaps flat = empty_maps(set, {20, 12});
      for (auto* group : {&flat.heat, &flat.fields})
        for (cv::Mat& map : *group)
          map.setTo(value);
      for (const BodyPose& one : decode(flat, to_input))
        for (const BodyPart& part : one.parts) {
          EXPECT_TRUE(std::isfinite(part.at.x) && std::isfinite(part.at.y));
          EXPECT_LE(part.score, 1.F);
        }
    }
  }
}

TEST(OpenPosePeaks, OneForAPlateauAndOneAtEachCorner) {
  cv::Mat map = cv::Mat::zeros(8, 8, CV_32FC1);
  map.at<float>(4, 3) = map.at<float>(4, 4) = .8F;
  map.at<float>(0, 0) = map.at<float>(0, 7) = map.at<float>(7, 0) = map.at<float>(7, 7) = .5F;
  for (const Refinement how : {Refinement::bicubic, Refinement::gaussian}) {
    const auto peaks = find_peaks(map, .1F, 10, how);
    ASSERT_EQ(peaks.size(), 5U);
    EXPECT_NEAR(peaks[0].at.x, 4., 1e-6); // between the two cells
    EXPECT_NEAR(peaks[0].at.y, 4.5, 1e-6);
    for (const PartPeak& peak : peaks)
      EXPECT_TRUE(peak.at.x > 0 && peak.at.y > 0 && peak.at.x < 8 && peak.at.y < 8);
    EXPECT_EQ(find_peaks(map, .1F, 2, how).size(), 2U);
    EXPECT_TRUE(find_peaks(map, 2.F, 10, how).empty());
    EXPECT_TRUE(find_peaks(cv::Mat(), .1F, 10, how).empty());
  }
}

/// Values that encode channel and cell, in the requested layout.
struct Numbered {
  std::vector<float> values;
  std::vector<std::size_t> shape;
  Numbered(std::size_t channels, std::size_t height, std::size_t width, bool last, float begin = 0)
      : values(channels * height * width),
        shape(last ? std::vector<std::size_t>{1, height, width, channels}
                   : std::vector<std::size_t>{1, channels, height, width}) {
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t i = 0; i < height * width; ++i)
        values[last ? i * channels + c : c * height * width + i] = begin + static_cast<float>(1000 * c + i);
  }
  operator MapTensor() const { return {values, shape}; } // NOLINT
};

void expect_numbers(const PartMaps& maps, float heat, float field) {
  EXPECT_EQ(maps.heat.at(0).size(), cv::Size(5, 4));
  EXPECT_EQ(maps.heat[3].at<float>(2, 1), heat + 3000 + 11);
  EXPECT_EQ(maps.fields.at(7).at<float>(3, 4), field + 7000 + 19);
}

TEST(OpenPoseMaps, AreFoundByTheirShapes) {
  for (const bool last : {false, true}) {
    const Numbered coco(57, 4, 5, last);
    EXPECT_EQ(split_maps({coco}).set, PartSet::coco18);
    expect_numbers(split_maps({coco}), 0, 19000);
    expect_numbers(split_maps({coco}, MapLayout::detect, MapOrder::fields_first), 38000, 0);
    const Numbered body(78, 4, 5, last);
    EXPECT_EQ(split_maps({body}).set, PartSet::body25);
    expect_numbers(split_maps({body}), 0, 26000);
    expect_numbers(split_maps({body}, MapLayout::detect, MapOrder::fields_first), 52000, 0);
    const Numbered heat(19, 4, 5, last);
    const Numbered fields(38, 4, 5, last, 5e5F);
    expect_numbers(split_maps({heat, fields}), 0, 5e5F);
    expect_numbers(split_maps({fields, heat}), 0, 5e5F);
    const Numbered heat25(26, 4, 5, last);
    const Numbered fields25(52, 4, 5, last, 5e5F);
    expect_numbers(split_maps({fields25, heat25}), 0, 5e5F);
    EXPECT_EQ(split_maps({heat25, fields25}).fields.size(), 52U);
  }
}

std::string refusal(const std::vector<MapTensor>& outputs, MapLayout layout = MapLayout::detect) {
  try {
    (void)split_maps(outputs, layout);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

TEST(OpenPoseMaps, AnythingElseIsRefused) {
  const Numbered coco(57, 4, 5, false);
  const Numbered other(56, 4, 5, false);
  const Numbered both(57, 4, 57, false);
  const Numbered heat(19, 4, 5, false);
  const Numbered fields(38, 4, 6, false);
  EXPECT_THAT(refusal({}), HasSubstr("1 or 2 outputs"));
  EXPECT_THAT(refusal({coco, coco, coco}), HasSubstr("not 3"));
  EXPECT_THAT(refusal({other}), HasSubstr("1x56x4x5 are not OpenPose maps"));
  EXPECT_THAT(refusal({both}), HasSubstr("fit both layouts"));
  EXPECT_EQ(refusal({both}, MapLayout::channels_first), "");
  EXPECT_THAT(refusal({coco}, MapLayout::channels_last), HasSubstr("not OpenPose maps"));
  EXPECT_THAT(refusal({heat, fields}), HasSubstr("not OpenPose maps"));
  EXPECT_THAT(refusal({MapTensor{coco.values, {1, 57, 20}}}), HasSubstr("not one picture's maps"));
  EXPECT_THAT(refusal({MapTensor{coco.values, {2, 57, 4, 5}}}), HasSubstr("not one picture's maps"));
  EXPECT_THAT(refusal({MapTensor{coco.values, {1, 57, 4, 6}}}), HasSubstr("1140 values"));
  EXPECT_THAT(refusal({MapTensor{{}, {1, 57, std::size_t(-1), std::size_t(-1)}}}),
              HasSubstr("not one picture"));
}

} // namespace
} // namespace deid::models
