// Training on small data: it learns, it resumes, and it ignores losses that are not finite.
#include "models/training/trainer/export.hpp"
#include "models/training/trainer/loss.hpp"
#include "models/training/trainer/preview.hpp"
#include "tests/models/training/made_faces.hpp"
#include "tests/support/scratch.hpp"
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <limits>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using namespace training;
using ::testing::HasSubstr;

Recipe small_recipe() {
  Recipe recipe = recipe_for("light96");
  recipe.batch = 2;
  recipe.bf16 = false;
  recipe.warm_up = 0;
  return recipe;
}

struct Training : ::testing::Test {
  const Scratch scratch{};
  const FaceSet subject_faces = made_faces(20, rosy, 1), target_faces = made_faces(20, brown, 2);
  const Side subject{subject_faces, 96}, target{target_faces, 96};
  const fs::path file = scratch.path() / "checkpoint";
  const Belongs belongs{"these"};

  void SetUp() override { at::set_num_threads(1); }
  /// Runs so many steps from a state; returns the losses of each.
  std::vector<double> steps(Trainer& trainer, const Recipe& recipe, std::int64_t from,
                            std::int64_t to) const {
    std::vector<double> all;
    Feeder feeder(subject, target, recipe);
    for (std::int64_t i = from; i < to; ++i) {
      const auto losses = trainer.step(feeder.take(i, true), recipe.rate, false);
      all.push_back(losses.value().subject);
      all.push_back(losses.value().target);
    }
    return all;
  }
  std::string refusal(Adam& adam, const Recipe& recipe, const Belongs& whose) const {
    try {
      read_checkpoint(file, recipe, whose, adam);
    } catch (const FileError& e) {
      return e.what();
    }
    return "";
  }
};

TEST_F(Training, GoesOnFromACheckpointBitForBit) {
  const Recipe recipe = small_recipe();
  Trainer whole(subject, target, recipe, 1), first(subject, target, recipe, 1);
  const std::vector<double> expected = steps(whole, recipe, 0, 6);
  const std::vector<double> begun = steps(first, recipe, 0, 3);
  EXPECT_EQ(begun, std::vector<double>(expected.begin(), expected.begin() + 6));
  write_checkpoint(file, recipe, belongs,
                   {.step = 3, .seconds = 7, .split = true, .curve = {{3, 7, .1, .2, .3, .4}}}, first.adam());
  Trainer second(subject, target, recipe, 1);
  const State state = read_checkpoint(file, recipe, belongs, second.adam());
  EXPECT_EQ(state.step, 3);
  EXPECT_EQ(state.seconds, 7);
  EXPECT_TRUE(state.split);
  ASSERT_EQ(state.curve.size(), 1U);
  EXPECT_EQ(state.curve[0].held_target, .4);
  EXPECT_EQ(steps(second, recipe, 3, 6), std::vector<double>(expected.begin() + 6, expected.end()));
}

TEST_F(Training, KeepsItsRecipe) {
  Recipe recipe = small_recipe();
  recipe.seed = 77;
  recipe.rate = .123;
  Trainer trainer(subject, target, recipe, 1);
  write_checkpoint(file, recipe, belongs, {}, trainer.adam());
  const Recipe back = recipe_of(file);
  EXPECT_EQ(as_json(back), as_json(recipe));
}

TEST_F(Training, RefusesOtherAndDamagedCheckpoints) {
  const Recipe recipe = small_recipe();
  Trainer trainer(subject, target, recipe, 1);
  write_checkpoint(file, recipe, belongs, {}, trainer.adam());
  EXPECT_THAT(refusal(trainer.adam(), recipe, {"others"}), HasSubstr("was made with other clips"));
  Recipe larger = recipe;
  larger.network = "light128";
  const Side wide(subject_faces, 128);
  Trainer other(wide, wide, larger, 1);
  EXPECT_THAT(refusal(other.adam(), larger, belongs),
              HasSubstr("is of the network light96, not of light128"));
  const std::string whole = read(file);
  const torch::Tensor before = trainer.adam().states().front().weight.clone();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{5}, std::size_t{20}, whole.size() / 2, whole.size() - 1}) {
    write(file, whole.substr(0, length));
    EXPECT_THAT(refusal(trainer.adam(), recipe, belongs), HasSubstr("is damaged")) << length;
  }
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
  write(file, changed);
  EXPECT_THAT(refusal(trainer.adam(), recipe, belongs), HasSubstr("is damaged"));
  EXPECT_TRUE(torch::equal(before, trainer.adam().states().front().weight)); // nothing was read in
}

TEST_F(Training, LeavesTheWeightsWhenALossIsNoNumber) {
  const Recipe recipe = small_recipe();
  Trainer trainer(subject, target, recipe, 1);
  Feeder feeder(subject, target, recipe);
  Step batch = feeder.take(0, true);
  batch.target.input[0][0][0][0] = std::numeric_limits<float>::quiet_NaN();
  const torch::Tensor before = trainer.adam().states().front().weight.clone();
  EXPECT_FALSE(trainer.step(batch, recipe.rate, false));
  EXPECT_TRUE(torch::equal(before, trainer.adam().states().front().weight));
  EXPECT_TRUE(trainer.step(feeder.take(1, true), recipe.rate, false));
}

TEST_F(Training, EndsWhenLossesStayNoNumbers) {
  Recipe recipe = small_recipe();
  Trainer trainer(subject, target, recipe, 1);
  {
    torch::NoGradGuard fixed;
    trainer.adam().states().front().weight.fill_(std::numeric_limits<float>::quiet_NaN());
  }
  int kept = 0;
  Watchers watchers;
  watchers.keep = [&](const State&) { ++kept; };
  try {
    trainer.run({}, {.steps = 100}, {.look_steps = 1000}, watchers);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const TrainingError& e) {
    EXPECT_THAT(e.what(), HasSubstr("The losses are not finite since step 20"));
  }
  EXPECT_EQ(kept, 0); // the earlier checkpoint is still the last one
}

TEST_F(Training, LearnsFacesOfAFewStrokes) {
  Recipe recipe = small_recipe();
  recipe.batch = 4;
  Trainer trainer(subject, target, recipe, 2);
  int previews = 0;
  std::int64_t last = 0;
  Watchers watchers;
  watchers.progress = [&](const Report& report) { last = report.step; };
  watchers.preview = [&](const State&) { ++previews; };
  const State state = trainer.run({}, {.steps = 160}, {.look_steps = 40}, watchers);
  EXPECT_EQ(last, 160);
  EXPECT_EQ(previews, 4);
  EXPECT_TRUE(state.split);
  ASSERT_EQ(state.curve.size(), 4U);
  EXPECT_LT(state.curve.back().held_subject, .75 * state.curve.front().subject);
  EXPECT_LT(state.curve.back().held_target, .75 * state.curve.front().target);
}

TEST_F(Training, StopsWhenAskedAndKeepsWhatItHas) {
  Trainer trainer(subject, target, small_recipe(), 1);
  std::atomic<bool> stop{false};
  std::int64_t kept = -1;
  Watchers watchers;
  watchers.stop = &stop;
  watchers.progress = [&](const Report& report) { stop = report.step >= 3; };
  watchers.keep = [&](const State& state) { kept = state.step; };
  EXPECT_EQ(trainer.run({}, {.steps = 100}, {.look_steps = 1000}, watchers).step, 3);
  EXPECT_EQ(kept, 3);
}

TEST_F(Training, ExportsTheWayToTheTargetOnly) {
  const Recipe recipe = small_recipe();
  Trainer trainer(subject, target, recipe, 1);
  const auto model = exported(trainer, recipe, subject_faces, target_faces, {.step = 5}, false);
  for (const auto& tensor : model.tensors)
    EXPECT_EQ(tensor.name.find("decoder_subject"), std::string::npos) << tensor.name;
  EXPECT_EQ(model.subject, subject_faces.mean);
  EXPECT_EQ(model.target.descriptor, target_faces.mean);
  EXPECT_THAT(model.training, HasSubstr("\"steps\":5"));
  const fs::path out = scratch.path() / "model.deidae";
  models::autoencoder::write_model(out, model);
  EXPECT_EQ(models::autoencoder::read_model(out).tensors.size(), model.tensors.size());
  const auto both = exported(trainer, recipe, subject_faces, target_faces, {}, true);
  EXPECT_GT(both.tensors.size(), model.tensors.size());
}

TEST_F(Training, DrawsASheet) {
  Trainer trainer(subject, target, small_recipe(), 1);
  const cv::Mat sheet = preview_sheet(trainer, 2, false);
  ASSERT_EQ(sheet.size(), cv::Size(5 * 96, 2 * 96));
  const torch::Tensor first = trainer.held_subject().input[0].mul(255).round();
  EXPECT_EQ(sheet.at<cv::Vec3b>(48, 48)[0], static_cast<int>(first[0][48][48].item<float>()));
  write_png(scratch.path() / "sheet.png", sheet);
  EXPECT_EQ(read(scratch.path() / "sheet.png").substr(1, 3), "PNG");
}

TEST(FaceLoss, IsTheWeightedMeanDifference) {
  torch::Tensor target = torch::zeros({1, 3, 8, 8}), answer = torch::zeros({1, 3, 8, 8}),
                weight = torch::ones({1, 1, 8, 8});
  answer[0][1][2][3] = .6;
  EXPECT_NEAR(face_loss(answer, target, weight, 0).item<double>(), .6 / 192, 1e-6);
  weight[0][0][2][3] = 5;
  EXPECT_NEAR(face_loss(answer, target, weight, 0).item<double>(), 3. / (3 * 68), 1e-6);
  weight[0][0][2][3] = 0;
  EXPECT_NEAR(face_loss(answer, target, weight, 0).item<double>(), 0, 1e-9);
}

TEST(FaceLoss, SeesBlurAsLostEdges) {
  const torch::Tensor target = torch::rand({1, 3, 16, 16}), weight = torch::ones({1, 1, 16, 16});
  const torch::Tensor lighter = target + .1;
  torch::Tensor rough = target.clone();
  rough.index_put_({torch::indexing::Slice(), torch::indexing::Slice(),
                    torch::indexing::Slice(0, torch::indexing::None, 2)},
                   target.index({torch::indexing::Slice(), torch::indexing::Slice(),
                                 torch::indexing::Slice(0, torch::indexing::None, 2)}) +
                       .2);
  EXPECT_NEAR(face_loss(lighter, target, weight, 1).item<double>(), .1,
              1e-5); // the same everywhere: no edge is lost
  EXPECT_NEAR(face_loss(rough, target, weight, 1).item<double>(), .1 + .2, 1e-5);
}

TEST(Rate, RisesAndFalls) {
  Recipe recipe = recipe_for("light96");
  EXPECT_NEAR(rate_at(recipe, 0, 0), recipe.rate / recipe.warm_up, 1e-9);
  EXPECT_NEAR(rate_at(recipe, .3, 5000), recipe.rate, 1e-12);
  EXPECT_NEAR(rate_at(recipe, 1, 5000), recipe.rate / 20, 1e-9);
  EXPECT_EQ(rate_at(recipe_for("original"), .99, 0), 5e-5); // as the specification says: always the same
  EXPECT_THROW(recipe_for("light97"), std::invalid_argument);
}

} // namespace
} // namespace deid::test
