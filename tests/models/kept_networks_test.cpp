#include "models/manifest/manifest.hpp"
#include "models/session/kept_networks.hpp"
#include "models/session/session.hpp"
#include "tests/support/scratch.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <openvino/openvino.hpp>
#include <optional>
#include <sys/stat.h>

namespace deid::models {
namespace {

namespace fs = std::filesystem;

class KeptNetworksTest : public testing::Test {
protected:
  test::Scratch scratch;
  fs::path folder = scratch.path() / "kept";
  KeptNetworks kept{folder};

  std::optional<std::string> found(const std::string& key) const {
    std::optional<std::string> out;
    const bool said = kept.find(key, [&](std::span<const std::byte> bytes) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes.data()) % 64, 0U);
      out = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
    EXPECT_EQ(said, out.has_value());
    return out;
  }
  void keep(const std::string& key, const std::string& text) const {
    kept.keep(key, std::as_bytes(std::span(text)));
  }
  fs::path only_file() const { return fs::directory_iterator(folder)->path(); }
  std::string content() const {
    std::ifstream in(only_file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void replace(const std::string& content) const { std::ofstream(only_file(), std::ios::binary) << content; }
};

TEST_F(KeptNetworksTest, GivesBackTheBytesOfTheKey) {
  EXPECT_EQ(found("a"), std::nullopt);
  keep("a", "bytes of a");
  keep("b", "bytes of b");
  EXPECT_EQ(found("a"), "bytes of a");
  EXPECT_EQ(found("b"), "bytes of b");
  keep("a", "others");
  EXPECT_EQ(found("a"), "others");
  EXPECT_EQ(found("c"), std::nullopt);
}

TEST_F(KeptNetworksTest, AFileWithOneOtherBitIsNotUsed) {
  keep("key", "the bytes of a network");
  const std::string whole = content();
  const std::size_t header = 56, first = whole.size() - std::string("the bytes of a network").size();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at >= header + std::string("key").size() && at < first)
      continue; // the bytes between key and network mean nothing
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    replace(changed);
    EXPECT_EQ(found("key"), std::nullopt) << at;
  }
  replace(whole);
  EXPECT_NE(found("key"), std::nullopt);
}

TEST_F(KeptNetworksTest, AFileThatIsCutOffOrLongerIsNotUsed) {
  keep("key", "the bytes of a network");
  const std::string whole = content();
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{60}, whole.size() - 1}) {
    replace(whole.substr(0, size));
    EXPECT_EQ(found("key"), std::nullopt) << size;
  }
  replace(whole + "x");
  EXPECT_EQ(found("key"), std::nullopt);
}

TEST_F(KeptNetworksTest, AFileOfOthersIsNotUsed) {
  keep("key", "bytes");
  struct stat is {};
  ASSERT_EQ(::stat(only_file().c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777U, 0600U);
  fs::permissions(only_file(), fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(found("key"), std::nullopt);
  fs::permissions(only_file(), fs::perms::others_write, fs::perm_options::remove);
  EXPECT_EQ(found("key"), "bytes");
  fs::rename(only_file(), scratch.path() / "elsewhere");
  const fs::path link = folder / "link";
  keep("key", "bytes");
  const fs::path name = only_file();
  fs::remove(name);
  fs::create_symlink(scratch.path() / "elsewhere", name);
  EXPECT_EQ(found("key"), std::nullopt);
}

TEST_F(KeptNetworksTest, OldFilesGo) {
  for (std::size_t i = 0; i < KeptNetworks::most + 5; ++i)
    keep(std::to_string(i), "bytes");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}),
            static_cast<std::ptrdiff_t>(KeptNetworks::most));
  EXPECT_EQ(found(std::to_string(KeptNetworks::most + 4)), "bytes");
}

TEST_F(KeptNetworksTest, AFolderThatCannotBeMadeIsNoError) {
  std::ofstream(folder) << "a file";
  keep("key", "bytes");
  EXPECT_EQ(found("key"), std::nullopt);
  KeptNetworks none{fs::path()};
  none.keep("key", {});
  EXPECT_FALSE(none.find("key", [](auto) {}));
}

class Environment {
public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name))
      before_ = before;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  ~Environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

private:
  const char* name_;
  std::optional<std::string> before_{};
};

TEST(KeptNetworksFolder, FollowsTheEnvironment) {
  const Environment home("HOME", "/home/somebody"), cache("XDG_CACHE_HOME", nullptr);
  {
    const Environment chosen("DEID_NETWORK_CACHE", "/somewhere");
    EXPECT_EQ(KeptNetworks::folder_of_user(), "/somewhere");
  }
  {
    const Environment off("DEID_NETWORK_CACHE", "off");
    EXPECT_EQ(KeptNetworks::folder_of_user(), "");
  }
  const Environment unset("DEID_NETWORK_CACHE", nullptr);
  EXPECT_EQ(KeptNetworks::folder_of_user(), "/home/somebody/.cache/gst-deid/networks");
  const Environment elsewhere("XDG_CACHE_HOME", "/cache");
  EXPECT_EQ(KeptNetworks::folder_of_user(), "/cache/gst-deid/networks");
}

std::vector<float> numbers(Session& session) {
  std::iota(session.input().begin(), session.input().end(), 0.F);
  for (float& value : session.input())
    value = value / static_cast<float>(session.input().size());
  session.infer();
  return {session.output(0).begin(), session.output(0).end()};
}

/// One process shares its networks by folder, too. So a copy of the folder makes it take the kept one.
TEST_F(KeptNetworksTest, AKeptNetworkGivesTheSameNumbersToTheBit) {
  for (const char* name : {"face_landmark", "palm_detection_full", "face_detection_short_range"}) {
    Session compiled(locate(name), {.cache_dir = fs::path()});
    const std::vector<float> wanted = numbers(compiled);
    Session keeps(locate(name), {.cache_dir = folder});
    EXPECT_EQ(numbers(keeps), wanted) << name;
    const fs::path copy = scratch.path() / "copy" / name;
    fs::create_directories(copy.parent_path());
    fs::rename(folder, copy);
    const fs::path file = fs::directory_iterator(copy)->path();
    const auto earlier = fs::file_time_type::clock::now() - std::chrono::hours(2);
    fs::last_write_time(file, earlier);
    Session takes(locate(name), {.cache_dir = copy});
    EXPECT_EQ(numbers(takes), wanted) << name;
    EXPECT_GT(fs::last_write_time(file), earlier + std::chrono::hours(1)) << "the kept network was not used";
  }
}

TEST_F(KeptNetworksTest, ADamagedNetworkIsCompiledAgain) {
  Session keeps(locate("face_landmark"), {.cache_dir = folder});
  const std::vector<float> wanted = numbers(keeps);
  const fs::path copy = scratch.path() / "copy";
  fs::rename(folder, copy);
  const fs::path file = fs::directory_iterator(copy)->path();
  const auto size = fs::file_size(file);
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(size / 2));
    out << "damage";
  }
  Session again(locate("face_landmark"), {.cache_dir = copy});
  EXPECT_EQ(numbers(again), wanted);
}

TEST_F(KeptNetworksTest, ANetworkOfAReaderWithoutANameIsNeverKept) {
  const NetworkReader reader{
      .read = [](const fs::path& path) { return ov::Core().read_model(path.string()); }};
  Session session(locate("face_landmark"), {.cache_dir = folder}, reader);
  EXPECT_FALSE(fs::exists(folder));
}

} // namespace
} // namespace deid::models
