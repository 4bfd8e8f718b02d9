#include "models/session/session.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <thread>

namespace deid::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;
const std::filesystem::path weights_dir = std::filesystem::path(DEID_DEPS_DIR) / "models";

/// The session's message and kind when it refuses a file.
std::pair<ModelError::Kind, std::string> refusal(const std::filesystem::path& file,
                                                 const SessionOptions& options = {}) {
  try {
    const Session session(file, options);
  } catch (const ModelError& error) {
    return {error.kind(), error.what()};
  }
  ADD_FAILURE() << "no error for " << file;
  return {};
}

auto names(const std::filesystem::path& file) {
  return AllOf(HasSubstr(file.string()), HasSubstr("./meson-free-scripts/setup"),
               testing::Not(HasSubstr("\n")));
}

/// A picture-like input, the same in every run.
void fill(Session& session) {
  const auto input = session.input();
  for (std::size_t i = 0; i < input.size(); ++i)
    input[i] = std::sin(static_cast<float>(i) * .01F);
}

std::vector<float> run(Session& session) {
  fill(session);
  session.infer();
  std::vector<float> all;
  for (std::size_t i = 0; i < session.output_count(); ++i) {
    const auto output = session.output(i);
    all.insert(all.end(), output.begin(), output.end());
  }
  return all;
}

TEST(Session, NamesAMissingFileAndTheCommand) {
  const auto [kind, text] = refusal("nowhere/face.tflite");
  EXPECT_EQ(kind, ModelError::Kind::missing);
  EXPECT_THAT(text, names("nowhere/face.tflite"));
}

TEST(Session, ADeviceThatIsNotHereIsRefusedAndAutoComputesTheSame) {
  const auto file = weights_dir / "face_landmark.tflite";
  const auto [kind, text] = refusal(file, {.device = "GPU.77"});
  EXPECT_EQ(kind, ModelError::Kind::engine);
  EXPECT_THAT(text, AllOf(HasSubstr("no device GPU.77"), HasSubstr("CPU (")));
  Session processor(file, {}), automatic(file, {.device = "AUTO"});
  const auto expected = run(processor), values = run(automatic);
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], .01F * std::max(1.F, std::abs(expected[i])));
}

TEST(Session, AFolderIsNoModel) {
  EXPECT_EQ(refusal(test::Scratch().path()).first, ModelError::Kind::missing);
}

TEST(Session, RefusesTruncatedFiles) {
  const test::Scratch scratch;
  for (const char* name : {"face_landmark.tflite", "centerface.onnx"}) {
    const std::string whole = test::read(weights_dir / name);
    for (const double part : {0., .01, .5, .99}) {
      const auto file = scratch.path() / name;
      test::write(file, whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * part)));
      const auto [kind, text] = refusal(file);
      EXPECT_EQ(kind, ModelError::Kind::damaged) << name << " " << part;
      EXPECT_THAT(text, names(file));
    }
  }
}

TEST(Session, RefusesGarbage) {
  const test::Scratch scratch;
  std::string noise(50000, '\0');
  std::uint32_t state = 1;
  for (char& c : noise)
    c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  for (const char* name : {"a.tflite", "a.onnx", "a.xml", "a"}) {
    test::write(scratch.path() / name, noise);
    const auto [kind, text] = refusal(scratch.path() / name);
    EXPECT_EQ(kind, ModelError::Kind::damaged);
    EXPECT_THAT(text, names(scratch.path() / name));
  }
}

TEST(Session, RefusesAShapeTheNetworkCannotTake) {
  SessionOptions options;
  options.input_shape = {{1, 7, 32, 32}};
  EXPECT_EQ(refusal(weights_dir / "centerface.onnx", options).first, ModelError::Kind::damaged);
}

TEST(Session, NeedsAThread) {
  SessionOptions options;
  options.threads = 0;
  const auto [kind, text] = refusal(weights_dir / "face_landmark.tflite", options);
  EXPECT_EQ(kind, ModelError::Kind::engine);
  EXPECT_THAT(text, HasSubstr("0"));
}

TEST(Session, ReadsTflite) {
  Session session(weights_dir / "face_detection_short_range.tflite", {});
  EXPECT_EQ(session.input_shape(), (std::vector<std::size_t>{1, 128, 128, 3}));
  EXPECT_EQ(session.output_count(), 2U);
  EXPECT_EQ(session.output(0).size(), 896U * 16);
  EXPECT_EQ(session.output_shape(1), (std::vector<std::size_t>{1, 896, 1}));
  EXPECT_THROW((void)session.output(2), ModelError);
  EXPECT_THROW((void)session.output_shape(2), ModelError);
}

TEST(Session, ReadsOnnxInAnotherShape) {
  SessionOptions options;
  options.input_shape = {{1, 3, 64, 96}};
  Session session(weights_dir / "centerface.onnx", options);
  EXPECT_EQ(session.input().size(), 3U * 64 * 96);
  session.infer();
  EXPECT_EQ(session.output_shape(0), (std::vector<std::size_t>{1, 1, 16, 24}));
}

TEST(Session, ReadsIr) {
  const test::Scratch scratch;
  const auto file = scratch.path() / "relu.xml";
  test::write(file, R"(<?xml version="1.0"?><net name="relu" version="11"><layers>
<layer id="0" name="in" type="Parameter" version="opset1"><data shape="1,4" element_type="f32"/>
 <output><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></output></layer>
<layer id="1" name="relu" type="ReLU" version="opset1"><input><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></input>
 <output><port id="1" precision="FP32"><dim>1</dim><dim>4</dim></port></output></layer>
<layer id="2" name="out" type="Result" version="opset1"><input><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></input></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/><edge from-layer="1" from-port="1" to-layer="2" to-port="0"/></edges></net>)");
  test::write(scratch.path() / "relu.bin", "");
  Session session(file, {});
  const std::array<float, 4> values{-1.F, 2.F, -3.F, 4.F};
  std::copy(values.begin(), values.end(), session.input().begin());
  session.infer();
  EXPECT_THAT(session.output(0), testing::ElementsAre(0.F, 2.F, 0.F, 4.F));
}

TEST(Session, SaysWhichPrecisionItUses) {
  EXPECT_EQ(usable_precision(Precision::f32), Precision::f32);
  SessionOptions options;
  EXPECT_EQ(Session(weights_dir / "face_landmark.tflite", options).precision(), Precision::f32);
  options.precision = Precision::bf16;
  const Session session(weights_dir / "face_landmark.tflite", options);
  EXPECT_EQ(session.precision(), usable_precision(Precision::bf16));
}

TEST(Session, F32IsNotWhatBf16Gives) {
  if (usable_precision(Precision::bf16) != Precision::bf16)
    GTEST_SKIP() << "This processor has no bf16 arithmetic, so f32 is used for both.";
  SessionOptions options;
  Session exact(weights_dir / "face_landmark.tflite", options);
  options.precision = Precision::bf16;
  Session coarse(weights_dir / "face_landmark.tflite", options);
  EXPECT_NE(run(exact), run(coarse));
}

TEST(Session, GivesTheSameNumbersEveryTime) {
  Session first(weights_dir / "face_landmark.tflite", {});
  const auto expected = run(first);
  EXPECT_EQ(run(first), expected);
  Session second(weights_dir / "face_landmark.tflite", {});
  EXPECT_EQ(run(second), expected);
  Session moved = std::move(second);
  EXPECT_EQ(run(moved), expected);
}

TEST(Session, InferenceLeavesTheInputAlone) {
  Session session(weights_dir / "face_landmark.tflite", {});
  fill(session);
  const std::vector<float> before(session.input().begin(), session.input().end());
  session.infer();
  EXPECT_TRUE(std::equal(before.begin(), before.end(), session.input().begin()));
}

TEST(Session, RefusesValuesThatAreNoNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NO_THROW(require_finite(std::array{0.F, -1e30F, 1.F}, "scores"));
  EXPECT_THROW(require_finite(std::array{0.F, nan, 1.F}, "scores"), ModelError);
  EXPECT_THROW(require_finite(std::array{std::numeric_limits<float>::infinity()}, "scores"), ModelError);
}

TEST(Session, CacheGivesTheSameNumbers) {
  const test::Scratch scratch;
  Session plain(weights_dir / "face_landmark.tflite", {});
  SessionOptions options;
  options.cache_dir = scratch.path() / "cache";
  for (int i = 0; i < 2; ++i) {
    Session cached(weights_dir / "face_landmark.tflite", options);
    EXPECT_EQ(run(cached), run(plain));
  }
  EXPECT_FALSE(std::filesystem::is_empty(*options.cache_dir));
}

TEST(Session, SeveralInThreadsDoNotDisturbEachOther) {
  Session alone(weights_dir / "face_landmark.tflite", {});
  const auto expected = run(alone);
  std::array<std::vector<float>, 4> results;
  std::vector<std::thread> threads;
  for (auto& result : results)
    threads.emplace_back([&result] {
      Session session(weights_dir / "face_landmark.tflite", {});
      for (int i = 0; i < 5; ++i)
        result = run(session);
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& result : results)
    EXPECT_EQ(result, expected);
}

} // namespace
} // namespace deid::models
