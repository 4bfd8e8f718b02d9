// facedetect and faceblur are ours beside gstreamer1.0-opencv, for each place of the plugin and each history
// of the registry's cache. Every query runs in its own process and environment, like a user's.
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>

namespace {
namespace fs = std::filesystem;
using Owners = std::map<std::string, std::string>;

const fs::path stock_plugin = fs::path(DEID_SYSTEM_PLUGIN_DIR) / "libgstopencv.so";

/// Places of plugins: `sys` is the system's folder, `ours` is ours.
struct Placement {
  const char* name;
  const char* environment; ///< with @sys and @ours for the folders
  bool one_folder = false;
};
constexpr std::array placements{
    Placement{"SystemThenOurs", "GST_PLUGIN_SYSTEM_PATH_1_0='@sys:@ours'"},
    Placement{"OursThenSystem", "GST_PLUGIN_SYSTEM_PATH_1_0='@ours:@sys'"},
    Placement{"PluginPath", "GST_PLUGIN_SYSTEM_PATH_1_0='@sys' GST_PLUGIN_PATH='@ours'"},
    Placement{"OldVariables", "GST_PLUGIN_SYSTEM_PATH='@sys' GST_PLUGIN_PATH_1_0='@ours'"},
    Placement{"OneFolder", "GST_PLUGIN_SYSTEM_PATH_1_0='@sys'", true},
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

struct Case {
  Placement placement;
  std::string plugin_file;
  std::string plugin_name; ///< GStreamer's name of the plugin
};
void PrintTo(const Case& value, std::ostream* out) {
  *out << value.plugin_name << ' ' << value.placement.name;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  all.push_back({placements[0], DEID_PROBE_PLUGIN, "guardprobe"});
#ifdef DEID_PLUGIN
  for (const Placement& placement : placements)
    all.push_back({placement, DEID_PLUGIN, "deid"});
#endif
  return all;
}

class Names : public testing::TestWithParam<Case> {
protected:
  void SetUp() override {
#ifdef DEID_SANITIZED
    GTEST_SKIP() << "GStreamer's plugin scanner cannot load plugins built with a sanitizer.";
#endif
    if (!fs::exists(stock_plugin))
      GTEST_SKIP()
          << "gstreamer1.0-opencv is not installed, so there is no other plugin to win the names against.";
    std::string pattern = (fs::temp_directory_path() / "deid-names-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    for (const char* folder : {"sys", "ours", "home"})
      fs::create_directory(dir_ / folder);
    fs::create_symlink(fs::path(DEID_SYSTEM_PLUGIN_DIR) / "libgstcoreelements.so",
                       dir_ / "sys/libgstcoreelements.so");
    fs::copy_file(GetParam().plugin_file, ours());
    install_stock();
  }
  void TearDown() override {
    if (!dir_.empty())
      fs::remove_all(dir_);
  }

  fs::path ours() const {
    return dir_ / (GetParam().placement.one_folder ? "sys" : "ours") /
           fs::path(GetParam().plugin_file).filename();
  }
  fs::path stock() const {
    return dir_ / "sys/libgstopencv.so";
  }
  void install_stock() {
    fs::create_symlink(stock_plugin, stock());
  }
  void remove_stock() {
    fs::remove(stock());
  }
  /// GStreamer compares whole seconds.
  static void make_newer(const fs::path& file) {
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(10));
  }
  void upgrade_stock() {
    remove_stock();
    fs::copy_file(stock_plugin, stock());
    make_newer(stock());
  }

  /// Returns name -> plugin in a fresh process, with the registry's cache of earlier queries.
  Owners
  look(const std::string& arguments = "facedetect faceblur facemask deidfacedetect deidfaceblur deidfacemask",
       const std::string& extra_environment = "") const {
    std::string environment = replaced(GetParam().placement.environment, "@sys", (dir_ / "sys").string());
    environment = replaced(environment, "@ours", (dir_ / "ours").string());
    const std::string command = "env -i PATH=/usr/bin:/bin HOME='" + (dir_ / "home").string() +
                                "' GST_REGISTRY='" + (dir_ / "registry.bin").string() + "' " + environment +
                                " " + extra_environment + " '" + DEID_WHOOWNS + "' " + arguments + " 2>>'" +
                                (dir_ / "stderr").string() + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    Owners owners;
    std::array<char, 64> name{};
    std::array<char, 64> plugin{};
    std::array<char, 64> factory{};
    while (pipe &&
           std::fscanf(pipe.get(), "%63s %63s %63s", name.data(), plugin.data(), factory.data()) == 3) {
      owners[name.data()] = plugin.data();
      factory_[name.data()] = factory.data();
    }
    return owners;
  }

  Owners all_ours() const {
    Owners owners;
    for (const char* name :
         {"facedetect", "faceblur", "facemask", "deidfacedetect", "deidfaceblur", "deidfacemask"})
      owners[name] = GetParam().plugin_name;
    return owners;
  }

  fs::path dir_;
  mutable std::map<std::string, std::string> factory_;
};

TEST_P(Names, AreOursInAFreshAndInACachedRegistry) {
  EXPECT_EQ(look(), all_ours());
  ASSERT_TRUE(fs::exists(dir_ / "registry.bin"));
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look("edgedetect").at("edgedetect"), "opencv")
      << "the test must really have the stock plugin beside ours";
}

TEST_P(Names, StayOursWhenOurPluginIsRebuilt) {
  EXPECT_EQ(look(), all_ours());
  make_newer(ours());
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look(), all_ours());
}

TEST_P(Names, StayOursWhenTheStockPluginIsUpgradedRemovedAndInstalledAgain) {
  EXPECT_EQ(look(), all_ours());
  upgrade_stock();
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look(), all_ours());
  remove_stock();
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look(), all_ours());
  install_stock();
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look(), all_ours());
}

TEST_P(Names, BecomeOursWhenOurPluginArrivesLater) {
  const fs::path parked = dir_ / "parked.so";
  fs::rename(ours(), parked);
  EXPECT_EQ(look("faceblur").at("faceblur"), "opencv");
  fs::rename(parked, ours());
  EXPECT_EQ(look(), all_ours());
  EXPECT_EQ(look(), all_ours());
}

TEST_P(Names, StayOursWhenTheStockPluginIsLoadedAfterwardsInTheSameProcess) {
  look();
  const Owners owners = look("+facemask +edgedetect facedetect faceblur");
  EXPECT_EQ(owners.at("facedetect"), GetParam().plugin_name);
  EXPECT_EQ(owners.at("faceblur"), GetParam().plugin_name);
}

TEST_P(Names, AliasesAreOursEvenWhenTheStockPluginIsLoadedFirst) {
  look();
  const Owners owners = look("+edgedetect deidfacedetect deidfaceblur");
  EXPECT_EQ(owners.at("deidfacedetect"), GetParam().plugin_name);
  EXPECT_EQ(owners.at("deidfaceblur"), GetParam().plugin_name);
}

TEST_P(Names, ElementKnowsALivingFactoryAfterItsNameWasTakenBack) {
  look("+faceblur +edgedetect faceblur");
  EXPECT_EQ(factory_.at("faceblur"), "deidfaceblur");
}

TEST_P(Names, StayWithTheStockPluginWhenTheUserSaysSo) {
  const Owners kept = look("facedetect faceblur facemask deidfaceblur", "DEID_KEEP_STOCK_NAMES=1");
  EXPECT_EQ(kept.at("facedetect"), "opencv");
  EXPECT_EQ(kept.at("faceblur"), "opencv");
  EXPECT_EQ(kept.at("facemask"), GetParam().plugin_name);
  EXPECT_EQ(kept.at("deidfaceblur"), GetParam().plugin_name);
  EXPECT_EQ(look(), all_ours());
}

INSTANTIATE_TEST_SUITE_P(Placements, Names, testing::ValuesIn(cases()), [](const auto& one) {
  return one.param.plugin_name + std::string(one.param.placement.name);
});

} // namespace
