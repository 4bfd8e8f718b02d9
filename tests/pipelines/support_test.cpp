// The file for bug reports of deid doctor: what may stand in it, and what never does.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/portable.hpp"
#include "pipelines/deid/support.hpp"
#include "tests/pipelines/clip.hpp"
#include <fstream>
#include <pwd.h>
#include <regex>
#include <sstream>
#include <unistd.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

struct SupportTest : ClipTest {
  /// The whole file.
  static std::string content(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static bool names(const std::string& text, const std::string& word) {
    return std::regex_search(text, std::regex("(^|[^A-Za-z0-9])" + word + "($|[^A-Za-z0-9])"));
  }
};

TEST_F(SupportTest, TheFileHoldsNoNameOfAPatientAUserOrAComputer) {
  const fs::path home = dir / "Erika Mustermann";
  fs::create_directories(home / "models of Hans");
  const std::string said =
      output_of("cd '" + home.string() + "' && HOME='" + home.string() +
                "' USER=mustermann LOGNAME=mustermann HOSTNAME=ward7" + " DEID_MODEL_DIR='" +
                (home / "models of Hans").string() + "' LD_LIBRARY_PATH='" + home.string() + "' '" +
                DEID_PROGRAM + "' doctor --support Mueller.txt 2>&1; test $? = 1");
  EXPECT_NE(said.find("models of Hans"), std::string::npos) << "the screen may name the folder: " << said;
  const std::string text = content(home / "Mueller.txt");
  EXPECT_NE(text.find("WRONG   network centerface"), std::string::npos) << text;
  EXPECT_NE(text.find(" DEID_MODEL_DIR"), std::string::npos) << text;
  EXPECT_EQ(text.find('/'), std::string::npos) << "a path: " << text;
  std::vector<std::string> never{"Erika", "Mustermann", "mustermann", "Hans", "Mueller", "ward7"};
  char host[256]{};
  gethostname(host, sizeof host - 1);
  never.emplace_back(host);
  if (const passwd* user = getpwuid(getuid()))
    never.emplace_back(user->pw_name);
  for (const std::string& name : never)
    EXPECT_FALSE(names(text, name)) << name << " in\n" << text;
}

TEST_F(SupportTest, OnlyTheSubjectOfAFindingIsWritten) {
  const std::string text = cli::support_text(
      {{.good = false,
        .essential = true,
        .subject = "network face_landmark",
        .what = "Mustermann",
        .mend = "Erika"},
       {.good = true, .essential = true, .subject = "gnuplot", .what = "Hans", .mend = ""}});
  EXPECT_NE(text.find("WRONG   network face_landmark\n"), std::string::npos) << text;
  EXPECT_NE(text.find("ok      gnuplot\n"), std::string::npos) << text;
  for (const char* name : {"Mustermann", "Erika", "Hans"})
    EXPECT_EQ(text.find(name), std::string::npos) << text;
}

TEST_F(SupportTest, EveryFindingHasASubjectWithoutAPath) {
  for (const cli::Finding& finding : cli::examine()) {
    EXPECT_FALSE(finding.subject.empty()) << finding.what;
    EXPECT_EQ(finding.subject.find('/'), std::string::npos) << finding.subject;
  }
}

TEST_F(SupportTest, AFileThatExistsStays) {
  std::ofstream(dir / "here.txt") << "mine";
  EXPECT_THROW(cli::write_support(dir / "here.txt", {}), cli::Failure);
  EXPECT_EQ(content(dir / "here.txt"), "mine");
}

TEST_F(SupportTest, AFolderIsPortableByItsMark) {
  fs::create_directories(dir / "bin");
  fs::create_directories(dir / "share/gst-deid");
  EXPECT_EQ(cli::portable_folder(dir / "bin/deid"), fs::path());
  std::ofstream(dir / "share/gst-deid/portable") << "0.2.0\n";
  EXPECT_EQ(cli::portable_folder(dir / "bin/deid"), dir);
}

} // namespace
} // namespace deid::test
