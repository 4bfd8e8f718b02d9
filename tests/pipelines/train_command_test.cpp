// `deid train` as a user runs it, on the clips of set-up: the extracted faces, and its refusals.
#include "models/autoencoder/file.hpp"
#include "models/training/face_set.hpp"
#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/train/command.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

struct TrainCommand : ::testing::Test {
  const Scratch scratch{};
  const fs::path footage = fs::path(DEID_DEPS_DIR) / "footage", one = footage / "single_face.mp4",
                 other = footage / "WolfgangLanger_Pexels.mp4", nobody = footage / "no_face.mp4";
  const fs::path model = scratch.path() / "model.deidae", said = scratch.path() / "said";

  void SetUp() override {
    for (const fs::path& clip : {one, other, nobody})
      if (!fs::exists(clip))
        GTEST_SKIP() << "The clip is not here (" << clip << "); run ./meson-free-scripts/setup.";
  }
  /// Returns the exit status; `said` holds stderr.
  [[nodiscard]] int deid_train(const fs::path& subject, const fs::path& target,
                               const std::string& more = "--extract-only") const {
    const std::string line = "'" DEID_PROGRAM "' train --subject '" + subject.string() + "' --target '" +
                             target.string() + "' --out '" + model.string() + "' " + more + " 2>'" +
                             said.string() + "'";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(TrainCommand, TakesFacesOutAndKeepsThem) {
  ASSERT_EQ(deid_train(one, other), cli::exit_ok) << read(said);
  EXPECT_THAT(read(said), HasSubstr("held out for the report"));
  EXPECT_THAT(read(said), HasSubstr("Subject and target are"));
  const fs::path work = model.string() + ".work";
  struct stat about {};
  ASSERT_EQ(stat(work.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  const training::FaceSet faces = training::read_faces(work / "subject.faces");
  ASSERT_GE(faces.faces.size(), 24U);
  EXPECT_EQ(faces.clips.size(), 1U);
  for (const training::Face& face : faces.faces) // eyes are level and at the alignment's places
    EXPECT_LT(std::abs(face.points[33].y - face.points[263].y), 25) << face.pts;
  ASSERT_EQ(deid_train(one, other), cli::exit_ok);
  EXPECT_THAT(read(said), HasSubstr("faces from " + (work / "subject.faces").string()));
}

TEST_F(TrainCommand, MakesDamagedFacesAnew) {
  ASSERT_EQ(deid_train(one, other), cli::exit_ok) << read(said);
  const fs::path file = fs::path(model.string() + ".work") / "subject.faces";
  const std::string whole = read(file);
  write(file, whole.substr(0, whole.size() / 2));
  ASSERT_EQ(deid_train(one, other), cli::exit_ok) << read(said);
  EXPECT_THAT(read(said), HasSubstr("is damaged"));
  EXPECT_EQ(read(file), whole);
}

TEST_F(TrainCommand, RefusesClipsOfNobody) {
  EXPECT_EQ(deid_train(nobody, other), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("The subject clips show no face."));
  EXPECT_EQ(deid_train(one, nobody), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("The target clips show no face."));
}

TEST_F(TrainCommand, RefusesOnePersonAsBoth) {
  EXPECT_EQ(deid_train(one, one), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("The subject and the target look like one person"));
}

TEST_F(TrainCommand, RefusesTwoPeopleInTheSubjectsClips) {
  if (!have("ffmpeg"))
    GTEST_SKIP() << "ffmpeg is not installed.";
  const fs::path brief = scratch.path() / "brief.mp4"; // about as long as the other clip
  output_of("ffmpeg -loglevel error -t 3 -i '" + other.string() + "' '" + brief.string() + "'");
  EXPECT_EQ(deid_train(one, other, "--extract-only --subject '" + brief.string() + "'"), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("The subject clips show several people"));
}

TEST_F(TrainCommand, RefusesOneFrame) {
  if (!have("ffmpeg"))
    GTEST_SKIP() << "ffmpeg is not installed.";
  const fs::path frame = scratch.path() / "frame.mp4";
  output_of("ffmpeg -loglevel error -i '" + one.string() + "' -frames:v 1 '" + frame.string() + "'");
  EXPECT_EQ(deid_train(frame, other), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("The subject clips have only"));
}

TEST_F(TrainCommand, LooksAtEveryFrameOfATrimmedClip) {
  if (!have("ffmpeg") || !have("ffprobe"))
    GTEST_SKIP() << "ffmpeg is not installed.";
  const fs::path whole = scratch.path() / "whole.mp4", cut = scratch.path() / "cut.mp4";
  output_of("ffmpeg -loglevel error -i '" + one.string() + "' -t 1 -an -c:v libx264 -g 60 -bf 0 '" +
            whole.string() + "'");
  output_of("ffmpeg -loglevel error -ss 0.4 -i '" + whole.string() + "' -c copy '" + cut.string() + "'");
  const std::size_t frames = count_of(cut);
  ASSERT_GT(frames, 5U);
  ASSERT_LT(frames, count_of(whole));
  static_cast<void>(deid_train(cut, other)); // the second one may have too few faces
  EXPECT_THAT(read(said), HasSubstr(" faces in " + std::to_string(frames) + " frames"));
}

TEST_F(TrainCommand, RefusesWhatIsNoVideo) {
  EXPECT_EQ(deid_train(scratch.path() / "none.mp4", other), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("there is no such file"));
  write(scratch.path() / "text.mp4", "this is no video");
  EXPECT_EQ(deid_train(scratch.path() / "text.mp4", other), cli::exit_failed);
  EXPECT_THAT(read(said), HasSubstr("cannot be read as a video"));
}

TEST_F(TrainCommand, TrainsWhereTheTrainerWasBuilt) {
  const bool built = fs::exists(fs::path(DEID_PROGRAM).parent_path() / "deid-train");
  const int status =
      deid_train(one, other, "--iterations 2 --batch 1 --threads 1 --precision f32 --consented");
  if (!built) {
    EXPECT_EQ(status, cli::exit_failed);
    EXPECT_THAT(read(said), HasSubstr("The trainer was not built, because libtorch was not there"));
    return;
  }
  ASSERT_EQ(status, cli::exit_ok) << read(said);
  EXPECT_THAT(read(said), HasSubstr("will be able to draw the target's face"));
  const auto made = models::autoencoder::read_model(model);
  EXPECT_EQ(made.target.status, "a person who agreed to lend the face");
  EXPECT_EQ(made.direction, models::autoencoder::Direction::subject_to_target);
  EXPECT_EQ(deid_train(one, other, "--iterations 3"), cli::exit_failed); // the model is there
  EXPECT_THAT(read(said), HasSubstr("exists"));
  EXPECT_EQ(deid_train(one, other, "--iterations 3 --overwrite"), cli::exit_usage);
  EXPECT_THAT(read(said), HasSubstr("--resume continues it"));
}

cli::Parsed parsed(std::vector<const char*> more) {
  std::vector<const char*> line{"deid",     "train", "--subject", "a.mp4",   "b.mp4",
                                "--target", "c.mp4", "--out",     "m.deidae"};
  line.insert(line.end(), more.begin(), more.end());
  return cli::parse_options(static_cast<int>(line.size()), line.data());
}

TEST(TrainOptions, GoToTheTrainer) {
  const cli::Parsed read =
      parsed({"--hours", "2", "--network", "original", "--resume", "--precision", "f32"});
  ASSERT_EQ(read.command, cli::Command::train) << read.text;
  EXPECT_EQ(read.train.subject.size(), 2U);
  const std::vector<std::string> arguments = cli::trainer_arguments(read.train, "/bin/deid-train");
  EXPECT_EQ(arguments.front(), "/bin/deid-train");
  for (const char* one : {"--hours", "--resume", "f32", "original", "m.deidae.work/original.checkpoint", "c",
                          "a person; consent is not stated"})
    EXPECT_THAT(arguments, Contains(one));
  EXPECT_THAT(arguments, ::testing::Not(Contains("--keep-both")));
}

TEST(TrainOptions, RefuseWhatCannotBe) {
  EXPECT_EQ(parsed({"--network", "dfl"}).exit_code, cli::exit_usage);
  EXPECT_EQ(parsed({"--hours", "-1"}).exit_code, cli::exit_usage);
  EXPECT_EQ(parsed({"--coverage", "2"}).exit_code, cli::exit_usage);
}

} // namespace
} // namespace deid::test
