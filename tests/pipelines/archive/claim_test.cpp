// Two processes never have one result, and the death of a holder frees it.
#include "pipelines/deid/archive/claim.hpp"
#include "pipelines/deid/failure.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deid::archive {
namespace {
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Held = std::unique_ptr<Claim>;

constexpr Patience quick{milliseconds(20), milliseconds(400)};
const Worker here{"boot-here", "here", ""}, there{"boot-there", "there", "7_1"};

struct ClaimTest : testing::Test {
  const test::Scratch scratch{};
  const fs::path folder = scratch.path();
  std::uint64_t recorded = 0; ///< claim of the record
  std::variant<Held, Taken> take(Claims& claims) {
    return claims.take(folder, [this] { return recorded; });
  }
  Held held(Claims& claims) {
    auto taken = take(claims);
    return std::holds_alternative<Held>(taken) ? std::get<Held>(std::move(taken)) : nullptr;
  }
  Life life(Claims& claims) {
    auto taken = take(claims);
    return std::holds_alternative<Taken>(taken) ? std::get<Taken>(taken).life : Life::none;
  }
  /// Takes over after the holder was taken for dead; fails after some seconds.
  Held after_patience(Claims& claims) {
    for (int i = 0; i < 200; ++i) {
      if (Held claim = held(claims))
        return claim;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return nullptr;
  }
  /// Another process that takes the claim, says so and then sleeps.
  pid_t holder(const Worker& worker) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t pid = fork();
    if (pid == 0) {
      Claims claims(worker, quick);
      const Held claim = held(claims);
      const char said = claim ? 'y' : 'n';
      if (::write(pipe[1], &said, 1) == 1)
        pause();
      _exit(1);
    }
    char said = 0;
    EXPECT_EQ(::read(pipe[0], &said, 1), 1);
    EXPECT_EQ(said, 'y');
    close(pipe[0]);
    close(pipe[1]);
    return pid;
  }
  static void end(pid_t pid, int signal) {
    kill(pid, signal);
    waitpid(pid, nullptr, 0);
  }
};

TEST_F(ClaimTest, IsGivenBack) {
  Claims claims(here, quick);
  {
    const Held claim = held(claims);
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->number(), 1U);
    EXPECT_TRUE(claim->holds());
    EXPECT_EQ(newest_lease(folder).number, 1U);
  }
  EXPECT_TRUE(fs::is_empty(folder));
  recorded = 1;
  EXPECT_EQ(held(claims)->number(), 2U) << "numbers rise";
}

TEST_F(ClaimTest, OfAnotherProcessIsRespectedAndEndsWithThatProcess) {
  const pid_t pid = holder(here);
  Claims claims(here, quick);
  EXPECT_EQ(life(claims), Life::alive);
  kill(pid, SIGSTOP);
  std::this_thread::sleep_for(2 * quick.stale);
  EXPECT_EQ(life(claims), Life::alive) << "a process that sleeps on this computer is not dead";
  end(pid, SIGKILL);
  const Held claim = held(claims);
  ASSERT_TRUE(claim) << "at once, without patience";
  EXPECT_EQ(claim->number(), 2U);
  EXPECT_FALSE(fs::exists(folder / "lease-1"));
}

TEST_F(ClaimTest, OfAnotherComputerLastsWhileItBeats) {
  const pid_t pid = holder(there);
  Claims claims(here, quick);
  EXPECT_EQ(life(claims), Life::unknown) << "one look shows no life";
  std::this_thread::sleep_for(quick.beat * 5);
  EXPECT_EQ(life(claims), Life::alive);
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(life(claims), Life::alive);
    std::this_thread::sleep_for(milliseconds(25));
  }
  end(pid, SIGKILL);
  const auto began = std::chrono::steady_clock::now();
  const Held claim = after_patience(claims);
  ASSERT_TRUE(claim);
  EXPECT_GE(std::chrono::steady_clock::now() - began, quick.stale / 2);
}

TEST_F(ClaimTest, AComputerThatSleptNoticesThatItWasTakenForDead) {
  const pid_t pid = fork();
  if (pid == 0) {
    Claims claims(there, quick);
    const Held claim = held(claims);
    kill(getpid(), SIGSTOP);
    _exit(claim && !claim->holds() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
  Claims claims(here, quick);
  const Held claim = after_patience(claims);
  ASSERT_TRUE(claim);
  kill(pid, SIGCONT);
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
      << "the sleeper would have published a second result";
  EXPECT_TRUE(claim->holds()) << "and took nothing away when it ended";
}

TEST_F(ClaimTest, IsWonByOneOfMany) {
  for (int round = 0; round < 20; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
    std::vector<pid_t> all;
    for (int i = 0; i < 8; ++i) {
      const pid_t pid = fork();
      if (pid == 0) {
        Claims claims(here, quick);
        const Held claim = held(claims);
        const char said = claim ? 'y' : 'n';
        if (::write(pipe[1], &said, 1) == 1)
          pause(); // the winner keeps it until everybody tried
        _exit(0);
      }
      all.push_back(pid);
    }
    std::string said(all.size(), ' ');
    for (char& one : said)
      ASSERT_EQ(::read(pipe[0], &one, 1), 1);
    EXPECT_EQ(std::ranges::count(said, 'y'), 1) << said;
    for (const pid_t pid : all)
      end(pid, SIGKILL);
    close(pipe[0]);
    close(pipe[1]);
  }
}

TEST_F(ClaimTest, ANumberThatWasUsedMeanwhileIsNotUsedTwice) {
  int asked = 0;
  Claims claims(here, quick);
  auto taken = claims.take(folder, [&] { return asked++ == 0 ? std::uint64_t{0} : std::uint64_t{1}; });
  ASSERT_TRUE(std::holds_alternative<Held>(taken));
  EXPECT_EQ(std::get<Held>(taken)->number(), 2U);
}

TEST_F(ClaimTest, AnEmptyLeaseIsWatchedLikeAForeignOne) {
  test::write(folder / "lease-4", "");
  Claims claims(here, quick);
  EXPECT_EQ(life(claims), Life::unknown);
  const Held claim = after_patience(claims);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->number(), 5U);
}

TEST_F(ClaimTest, TellsHowFarItIs) {
  Claims claims(there, quick);
  const Held claim = held(claims);
  claim->note(12, 40);
  for (int i = 0; i < 100 && newest_lease(folder).lease->frames == 0; ++i)
    std::this_thread::sleep_for(milliseconds(20));
  const Found found = newest_lease(folder);
  ASSERT_TRUE(found.lease);
  EXPECT_EQ(found.lease->frames, 12U);
  EXPECT_EQ(found.lease->total, 40U);
  EXPECT_EQ(found.lease->worker.job, "7_1");
}

TEST_F(ClaimTest, AFolderThatCannotBeWrittenIsAnError) {
  Claims claims(here, quick);
  EXPECT_THROW(claims.take(folder / "none", [] { return std::uint64_t{0}; }), cli::Failure);
}

} // namespace
} // namespace deid::archive
