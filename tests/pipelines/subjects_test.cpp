// A study's book of subjects: what it holds, what it refuses, and that two who write lose nothing.
#include "elements/faceswap/target/target.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/subjects/run.hpp"
#include "tests/pipelines/refused.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using cli::RunOptions;
using cli::Summary;
using cli::subjects::Book;
using cli::subjects::Face;
using nlohmann::ordered_json;
using ::testing::HasSubstr;

struct Subjects : ::testing::Test {
  const Scratch scratch{};
  const fs::path file = scratch.path() / "book.json";

  /// A bank of targets that are none of faces: n-1, n-2, ...
  [[nodiscard]] std::string bank(int count) const {
    const fs::path folder = scratch.path() / "bank";
    fs::create_directories(folder);
    for (int n = 1; n <= count; ++n) {
      faceswap::Target target;
      target.image = cv::Mat(40, 40, CV_8UC3, cv::Scalar(n, 2 * n, 3 * n));
      for (int i = 0; i < 468; ++i)
        target.landmarks.emplace_back(5.F + static_cast<float>(i % 22), 5.F + static_cast<float>(i / 22),
                                      static_cast<float>(i % 7));
      target.name = "n-" + std::to_string(n);
      target.status = "made by a test";
      faceswap::write_target(folder / (target.name + ".json"), target);
    }
    return folder;
  }
  [[nodiscard]] RunOptions options(const std::string& id, const std::string& folder) const {
    RunOptions o;
    o.subjects = file;
    o.subject = id;
    o.target_bank = folder;
    o.output = scratch.path() / "out.mp4";
    o.quiet = true;
    return o;
  }
};

/// The names that a run may choose from.
std::string names_in(const RunOptions& o) {
  for (const cli::Setting& s : o.settings)
    if (s.property == "target-names")
      return s.value;
  return "";
}

std::string swapped(const std::string& target, double geometry = 0) {
  return ordered_json{{"pts", 0},
                      {"faces", {{{"treatment", "swapped"}, {"target", target}, {"geometry", geometry}}}}}
             .dump() +
         "\n";
}

/// A run that gives the person the first target that it may.
Summary first_of(const RunOptions& o, const cli::Hooks& hooks, double geometry = 0) {
  const std::string names = names_in(o);
  write(o.audit, swapped(names.substr(0, names.find(',')), geometry));
  static_cast<void>(hooks.audited(o.audit));
  return {};
}

TEST_F(Subjects, ABookIsReadAsItWasWrittenAndOnlyByItsOwner) {
  EXPECT_TRUE(Book::read(file).subjects.empty()) << "a book that is not there is empty";
  Book book;
  book.subjects["P 1, é"] = {"nobody-3", "abc", .25};
  book.write(file);
  const Book again = Book::read(file);
  ASSERT_NE(again.find("P 1, é"), nullptr);
  EXPECT_EQ(again.find("P 1, é")->target, "nobody-3");
  EXPECT_EQ(again.find("P 1, é")->face, "abc");
  EXPECT_EQ(again.find("P 1, é")->geometry, .25);
  struct stat about {};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(read(file).find("descriptor"), std::string::npos);
}

TEST_F(Subjects, ABookMayBeWrittenByHand) {
  write(file, R"({"format":"deid-subjects-1","subjects":{"P1":{"target":"n-2"}}})");
  const Book book = Book::read(file);
  EXPECT_EQ(book.find("P1")->target, "n-2");
  EXPECT_EQ(names_in(cli::subjects::planned(options("P1", bank(3)))), "n-2");
}

TEST_F(Subjects, ADamagedOrForeignBookIsRefusedWithASentence) {
  const auto in = [](const std::string& subjects) {
    return R"({"format":"deid-subjects-1","subjects":)" + subjects + "}";
  };
  for (const std::string& text :
       {std::string("{"), std::string(), std::string("[]"), std::string("{}"),
        std::string(R"({"format":"deid-target-1","subjects":{}})"),
        std::string(R"({"format":"deid-subjects-1"})"), in("[]"), in(R"({"P1":{}})"), in(R"({"P1":5})"),
        in(R"({"P1":{"target":5}})"), in(R"({"P1":{"target":""}})"),
        in(R"({"P1":{"target":"a","geometry":2}})"), in(R"({"P1":{"target":"a","geometry":"2"}})"),
        in(R"({"P1":{"target":"a","descriptor":[1]}})"), in(R"({"":{"target":"a"}})"),
        in(R"({"P1":{"target":"a"},"P1":{"target":"b"}})"), in(R"({"P\n":{"target":"a"}})"),
        std::string(R"({"format":"deid-subjects-1","subjects":{},"more":1})")}) {
    write(file, text);
    EXPECT_THAT(refused([&] { Book::read(file); }), HasSubstr("book of subjects")) << text;
  }
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_THAT(refused([&] { Book::read(file); }), HasSubstr("not a file"));
}

TEST_F(Subjects, AnIdIsAPrintableText) {
  for (const char* id : {"", "a\nb", "\xff"})
    EXPECT_NE(refused([&] { cli::subjects::check_id(id); }), "") << id;
  EXPECT_EQ(refused([] { cli::subjects::check_id("sub-01 (é)"); }), "");
}

TEST_F(Subjects, ANewSubjectGetsNobodysTargetAndAKnownOneItsOwn) {
  const std::vector<Face> faces{{"n-1", "1"}, {"n-2", "2"}, {"n-3", "3"}};
  Book book;
  book.subjects = {{"A", {"n-2", "2", .5}}, {"B", {"n-1", "", 0}}};
  const auto names = [&](const std::string& id) {
    RunOptions o;
    o.settings = plan_for(book, id, faces).settings;
    return names_in(o);
  };
  EXPECT_EQ(names("C"), "n-3");
  EXPECT_FALSE(plan_for(book, "C", faces).shares);
  EXPECT_EQ(names("A"), "n-2");
  EXPECT_EQ(plan_for(book, "A", faces).settings.back().property, "geometry");
  EXPECT_EQ(plan_for(book, "A", faces).settings.back().value, "0.5000");
  book.subjects["C"] = {"n-3", "3", 0};
  EXPECT_EQ(names("D"), "n-1,n-2,n-3") << "no target is left";
  EXPECT_TRUE(plan_for(book, "D", faces).shares);
}

TEST_F(Subjects, AnotherFaceUnderTheNameIsRefused) {
  Book book;
  book.subjects = {{"A", {"n-2", "2", 0}}, {"B", {"n-9", "", 0}}};
  EXPECT_THAT(refused([&] { plan_for(book, "A", {{"n-2", "other"}}); }), HasSubstr("another face"));
  EXPECT_THAT(refused([&] { plan_for(book, "B", {{"n-2", "2"}}); }), HasSubstr("does not have"));
}

TEST_F(Subjects, TheFaceOfMostFramesCounts) {
  write(file, swapped("a", .5) + swapped("b", .1) + swapped("b", .3) +
                  R"({"pts":1,"faces":[{"treatment":"blurred","reason":"turned"}]})" + "\n" +
                  R"({"summary":{}})" + "\n");
  EXPECT_EQ(cli::subjects::worn_in(file).target, "b");
  EXPECT_EQ(cli::subjects::worn_in(file).geometry, .3);
}

TEST_F(Subjects, AreEnteredAtTheirFirstVideoAndKeepTheirFace) {
  const std::string folder = bank(3);
  const auto run = [&](const std::string& id, double geometry) {
    return cli::subjects::with_book(
        options(id, folder),
        [&](const RunOptions& o, const cli::Hooks& h) { return first_of(o, h, geometry); }, {});
  };
  EXPECT_THAT(run("P1", .2).notes.back(), HasSubstr("n-1, from now on"));
  EXPECT_THAT(run("P2", 0).notes.back(), HasSubstr("n-2, from now on"));
  EXPECT_THAT(run("P1", .6).notes.back(), HasSubstr("n-1, as before"));
  EXPECT_EQ(Book::read(file).find("P1")->geometry, .6) << "the most that a result needed";
  run("P1", .1);
  EXPECT_EQ(Book::read(file).find("P1")->geometry, .6);
  EXPECT_EQ(Book::read(file).find("P1")->face.size(), 64U);
  run("P3", 0);
  const Summary fourth = run("P4", 0);
  EXPECT_THAT(fourth.notes.back(), HasSubstr("which P1 has, too")) << "who shares is told";
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 3)
      << "the book, its lock and the bank, and no audit that nobody asked for";
}

TEST_F(Subjects, AFileWithoutASwapOrARunThatFailsEntersNobody) {
  const std::string folder = bank(2);
  const Summary without =
      cli::subjects::with_book(options("P1", folder),
                               [](const RunOptions& o, const cli::Hooks& h) {
                                 write(o.audit, R"({"pts":0,"faces":[]})"
                                                "\n");
                                 EXPECT_TRUE(h.audited(o.audit)["subject"]["target"].is_null());
                                 return Summary{};
                               },
                               {});
  EXPECT_THAT(without.notes.back(), HasSubstr("no synthetic face yet"));
  EXPECT_EQ(refused([&] {
              cli::subjects::with_book(
                  options("P1", folder),
                  [](const RunOptions&, const cli::Hooks&) -> Summary { throw cli::Failure("no"); }, {});
            }),
            "no");
  EXPECT_TRUE(Book::read(file).subjects.empty());
}

TEST_F(Subjects, ATargetThatAnotherProcessTookMeanwhileIsNotShared) {
  int tries = 0;
  const std::string folder = bank(3);
  cli::subjects::with_book(options("P1", folder),
                           [&](const RunOptions& o, const cli::Hooks& h) {
                             if (++tries == 1) {
                               Book other = Book::read(file);
                               other.subjects["P2"] = {"n-1", "", 0};
                               other.write(file);
                             }
                             return first_of(o, h);
                           },
                           {});
  EXPECT_EQ(tries, 2) << "the file is run again";
  EXPECT_EQ(Book::read(file).find("P1")->target, "n-2");
  EXPECT_EQ(Book::read(file).find("P2")->target, "n-1");
}

TEST_F(Subjects, ManyProcessesOnOneBookLoseNothing) {
  const std::string folder = bank(12);
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      try {
        for (int n = 0; n < 3; ++n)
          cli::subjects::with_book(options("P" + std::to_string(child) + std::to_string(n), folder),
                                   [](const RunOptions& o, const cli::Hooks& h) {
                                     usleep(3000);
                                     return first_of(o, h);
                                   },
                                   {});
      } catch (...) {
        _exit(1);
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  std::set<std::string> targets;
  const Book book = Book::read(file);
  for (const auto& [id, subject] : book.subjects)
    targets.insert(subject.target);
  EXPECT_EQ(book.subjects.size(), 12U);
  EXPECT_EQ(targets.size(), 12U) << "two subjects share a target though targets were left";
}

TEST_F(Subjects, WhoOnlyLooksOrFilmsNeedsAKnownSubject) {
  const std::string folder = bank(2);
  EXPECT_THAT(refused([&] { cli::subjects::settings_of(file, "P1", folder); }),
              HasSubstr("has no subject 'P1'"));
  cli::subjects::with_book(options("P1", folder),
                           [](const RunOptions& o, const cli::Hooks& h) { return first_of(o, h); }, {});
  EXPECT_EQ(cli::subjects::settings_of(file, "P1", folder).front().value, "n-1");
  EXPECT_EQ(names_in(cli::subjects::known_to_book(options("P1", folder))), "n-1");
}

} // namespace
} // namespace deid::test
