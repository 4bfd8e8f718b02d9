// When a unit is done, and when it must be processed again.
#include "models/files/whole_file.hpp"
#include "pipelines/deid/evaluate/report/unit.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using namespace evaluate;

struct Units : testing::Test {
  const Scratch scratch{};
  const Folder folder{scratch.path() / "out"};
  const fs::path video = scratch.path() / "a.mp4";
  fs::path unit{};
  Key key{};

  void SetUp() override {
    folder.make();
    write(video, "pictures");
    key = {input_of(video), "swap", "deidfaceswap", "deid 1"};
    unit = folder.unit("a.mp4", "swap");
    write(folder.raw("a.mp4", "swap", "identity.jsonl"), "raw");
    publish(folder, unit, key,
            {{"files", {{"identity.jsonl", "raw/a.mp4.swap.identity.jsonl"}}}, {"answer", 42}});
  }
};

TEST_F(Units, IsDoneWhenNothingChanged) {
  const auto done = finished(folder, unit, {input_of(video), "swap", "deidfaceswap", "deid 1"});
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ((*done)["answer"], 42);
  EXPECT_EQ((*done)["files"]["identity.jsonl"]["size"], 3);
  EXPECT_EQ(fs::status(unit).permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
}

TEST_F(Units, IsRedoneWhenSomethingDid) {
  for (const auto& [options, version] :
       {std::pair{"deidfaceswap geometry=1", "deid 1"}, {"deidfaceswap", "deid 2"}}) {
    Key other = key;
    other.options = options;
    other.version = version;
    EXPECT_FALSE(finished(folder, unit, other).has_value());
  }
  write(video, "other pictures");
  Key other = key;
  other.input = input_of(video, key.input);
  EXPECT_FALSE(finished(folder, unit, other).has_value());
}

TEST_F(Units, ATouchedFileWithTheSameBytesIsTheSame) {
  fs::last_write_time(video, fs::last_write_time(video) + std::chrono::hours(1));
  Key touched = key;
  touched.input = input_of(video, key.input);
  EXPECT_NE(touched.input.mtime, key.input.mtime);
  EXPECT_TRUE(finished(folder, unit, touched).has_value());
}

TEST_F(Units, TheHashIsReadAgainOnlyWhenSizeOrTimeDiffer) {
  Input before = key.input;
  before.sha256 = "as it was";
  EXPECT_EQ(input_of(video, before).sha256, "as it was");
  before.size += 1;
  EXPECT_EQ(input_of(video, before).sha256, key.input.sha256);
}

TEST_F(Units, DamageMeansDoingItAgain) {
  fs::remove(folder.raw("a.mp4", "swap", "identity.jsonl"));
  EXPECT_FALSE(finished(folder, unit, key).has_value());
  write(folder.raw("a.mp4", "swap", "identity.jsonl"), "ra"); // cut short
  EXPECT_FALSE(finished(folder, unit, key).has_value());
  write(folder.raw("a.mp4", "swap", "identity.jsonl"), "raw");
  EXPECT_TRUE(finished(folder, unit, key).has_value());
  for (const char* damage :
       {"", "{", "[]", "{\"format\":\"other\"}", "{\"format\":\"deid-evaluate-unit-1\"}"}) {
    write(unit, damage);
    EXPECT_FALSE(finished(folder, unit, key).has_value()) << damage;
    EXPECT_FALSE(key_in(unit).has_value()) << damage;
  }
}

TEST_F(Units, NamesOfFilesAreApart) {
  EXPECT_EQ(file_name("visit.mp4"), "visit.mp4");
  EXPECT_NE(file_name("a/b.mp4"), file_name("a_b.mp4"));
  EXPECT_NE(file_name("a/b.mp4"), file_name("a b.mp4"));
  EXPECT_EQ(file_name("a/b.mp4").find('/'), std::string::npos);
  EXPECT_EQ(file_name("../../x").find('/'), std::string::npos);
}

TEST_F(Units, FoldersAreTheOwnersAlone) {
  for (const char* name : {"raw", "units", "pictures"})
    EXPECT_EQ(fs::status(folder.root() / name).permissions(), fs::perms::owner_all) << name;
  write(scratch.path() / "file", "");
  EXPECT_THROW(Folder(scratch.path() / "file").make(), std::runtime_error);
  EXPECT_THROW(files::write_whole(scratch.path() / "none" / "x", "y"), std::runtime_error);
  EXPECT_THROW(input_of(scratch.path() / "none.mp4"), std::runtime_error);
}

TEST(OldPictures, GoAndOthersStay) {
  const Scratch scratch;
  const Folder folder(scratch.path());
  folder.make();
  const auto make = [&](const std::string& video, const std::string& method, const std::string& what) {
    write(folder.picture(video, method, what), "jpeg");
    return folder.picture(video, method, what);
  };
  const auto kept = make("a.mp4", "mask", "sample-3.jpg"), old = make("a.mp4", "mask", "sample-1.jpg"),
             risky = make("a.mp4", "mask", "risky-1.jpg"), method = make("a.mp4", "blur", "sample-1.jpg"),
             video = make("b.mp4", "mask", "sample-1.jpg"),
             alike = make("a.mp4.mask.mp4", "blur", "sample-1.jpg"), // its name begins like the unit's files
      original = make("a.mp4", "reencoded", "original-1.jpg"),
             no_original = make("x.original-1.mp4", "mask", "sample-1.jpg");
  drop_old_pictures(folder, "a.mp4", "mask",
                    {{"sample-3", folder.relative(kept)}, {"raw", "raw/a.mp4.mask.x"}});
  for (const fs::path& file : {kept, method, video, alike, original, no_original})
    EXPECT_TRUE(fs::exists(file)) << file;
  for (const fs::path& file : {old, risky})
    EXPECT_FALSE(fs::exists(file)) << file;
  drop_originals(folder);
  EXPECT_FALSE(fs::exists(original));
  for (const fs::path& file : {kept, method, video, alike, no_original})
    EXPECT_TRUE(fs::exists(file)) << file;
}

TEST(FolderOfResults, OfAnotherProgramIsRefused) {
  const Scratch scratch;
  const Folder folder(scratch.path() / "figures");
  EXPECT_NO_THROW(require_ours(folder)); // nothing there
  folder.make();
  write(folder.root() / "movement.csv", "a,b\n");
  EXPECT_NO_THROW(require_ours(folder)); // beside units: ours
  write(folder.root() / "report.json", R"({"format":"deid-evaluate-1"})");
  EXPECT_NO_THROW(require_ours(folder));
  for (const char* other :
       {R"({"stats":[1]})", R"({"format":"deid-oks-1"})", R"({"format":3})", "[]", "no JSON", ""}) {
    write(folder.root() / "report.json", other);
    EXPECT_THROW(require_ours(folder), std::runtime_error) << other;
  }
  fs::remove(folder.root() / "report.json");
  fs::remove(folder.root() / "units");
  EXPECT_THROW(require_ours(folder), std::runtime_error);
}

} // namespace
} // namespace deid::test
