// Every element is described in the same way: by its metadata, by the comment at the top of its file, and by
// its page. Launch lines use the names that no other plugin has.
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <filesystem>
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

namespace {
namespace fs = std::filesystem;

const fs::path source = DEID_SOURCE_DIR;
const std::string prefix = "deid";

/// The short names of all elements that our plugin files offer under a safe name.
std::vector<std::string> offered() {
  std::vector<std::string> names;
  for (const char* plugin : {"deid", "deidpose", "deidvolume"}) {
    GList* features = gst_registry_get_feature_list_by_plugin(gst_registry_get(), plugin);
    for (const GList* item = features; item != nullptr; item = item->next) {
      const std::string name = gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(item->data));
      if (name.starts_with(prefix))
        names.push_back(name.substr(prefix.size()));
    }
    gst_plugin_feature_list_free(features);
  }
  return names;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;)
    words.push_back(word);
  return words;
}

/// Files that hold base classes.
const std::vector<std::string> bases{"gstdeidvideo", "gstdeidcover"};

/// The file of an element: gst<name>.cpp in its folder, or in the folder of a room that has several elements.
fs::path file_of(const std::string& name) {
  for (const auto& entry : fs::recursive_directory_iterator(source / "elements"))
    if (entry.path().filename() == "gst" + name + ".cpp")
      return entry.path();
  return source / "elements" / name / ("gst" + name + ".cpp");
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// The launch line of the comment at the top of a file, without the program; empty when it has none.
std::string example_of(const std::string& text) {
  const std::string head = "\n///\n/// ## Example launch line\n///\n///     gst-launch-1.0 ";
  const auto start = text.find(head);
  if (start == std::string::npos)
    return "";
  std::istringstream in(text.substr(start + head.size()));
  std::string line, all;
  std::getline(in, all);
  while (std::getline(in, line) && line.starts_with("///       "))
    all += " " + line.substr(10);
  return all;
}

class Described : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override { ASSERT_GE(offered().size(), 8U); }
};

TEST_F(Described, EveryElementHasOneAuthor) {
  for (const std::string& name : offered()) {
    GstElementFactory* factory = gst_element_factory_find((prefix + name).c_str());
    ASSERT_NE(factory, nullptr) << name;
    EXPECT_STREQ(gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_AUTHOR),
                 "gst-deid developers")
        << name;
    gst_object_unref(factory);
  }
}

TEST_F(Described, EveryFileBeginsWithItsSectionAndALaunchLineThatCanBeBuilt) {
  for (const std::string& name : offered()) {
    const std::string text = deid::test::read(file_of(name));
    EXPECT_TRUE(text.starts_with("/// SECTION:element-" + name + "\n///\n/// ")) << name;
    EXPECT_NE(text.find("See docs/" + name + ".md."), std::string::npos) << name;
    const std::string line = example_of(text);
    EXPECT_TRUE(has(words_of(line), prefix + name)) << name << ": " << line;
    GError* error = nullptr;
    GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
    EXPECT_EQ(error, nullptr) << name << ": " << error->message;
    g_clear_error(&error);
    gst_clear_object(&pipeline);
  }
}

TEST_F(Described, EveryFileOfAnElementIsOffered) {
  const auto names = offered();
  for (const auto& entry : fs::recursive_directory_iterator(source / "elements")) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() != ".cpp" || !stem.starts_with("gst") || has(bases, stem))
      continue;
    EXPECT_TRUE(has(names, stem.substr(3))) << "no plugin.cpp offers " << stem;
  }
}

TEST_F(Described, EveryElementHasAPageAndARowInTheReadme) {
  const std::string readme = deid::test::read(source / "README.md");
  for (const std::string& name : offered()) {
    const std::string title = "# " + name + " (alias " + prefix + name + ")\n";
    EXPECT_TRUE(deid::test::read(source / "docs" / (name + ".md")).starts_with(title)) << title;
    EXPECT_NE(readme.find("\n| `" + name + "` | `" + prefix + name + "` |"), std::string::npos) << name;
  }
}

/// All of the text's launch lines, as a reader would copy them; a line of a script goes on behind a
/// backslash.
std::vector<std::string> launch_lines_of(std::string text) {
  const std::string more = "\\\n";
  for (auto at = text.find(more); at != std::string::npos; at = text.find(more, at))
    text.erase(at, more.size());
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (line.find("gst-launch-1.0 ") != std::string::npos && line.find(" ! ") != std::string::npos)
      lines.push_back(line);
  return lines;
}

TEST_F(Described, LaunchLinesUseSafeNames) {
  const auto names = offered();
  std::vector<fs::path> files{source / "README.md"};
  for (const char* folder : {"docs", "pipelines/graphs"})
    for (const auto& entry : fs::directory_iterator(source / folder))
      if (entry.is_regular_file() && entry.path().extension() != ".jpg")
        files.push_back(entry.path());
  std::size_t lines = 0;
  for (const fs::path& file : files)
    for (const std::string& line : launch_lines_of(deid::test::read(file))) {
      ++lines;
      for (const std::string& word : words_of(line))
        EXPECT_FALSE(has(names, word)) << file << " uses the short name " << word << ": " << line;
    }
  EXPECT_GE(lines, 8U);
}

TEST_F(Described, LaunchLinesOfPagesStandBehindFourBlanks) {
  for (const std::string& name : offered()) {
    const auto lines = launch_lines_of(deid::test::read(source / "docs" / (name + ".md")));
    EXPECT_FALSE(lines.empty()) << name;
    for (const std::string& line : lines)
      EXPECT_TRUE(line.starts_with("    gst-launch-1.0 ")) << name << ": " << line;
  }
}

} // namespace
