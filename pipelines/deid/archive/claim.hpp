#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

namespace deid::archive {

/// Who works: written into a lease.
struct Worker {
  std::string boot{}; ///< of the running system, unique; empty: not known
  std::string host{};
  std::string job{}; ///< of Slurm; empty: none
};
/// This process. Reads the system and the environment.
Worker this_worker();

/// Times of claims. Measured by the steady clock of the one who looks, so no clock of another computer
/// counts.
struct Patience {
  std::chrono::milliseconds beat{std::chrono::seconds(15)};   ///< between two signs of life
  std::chrono::milliseconds stale{std::chrono::seconds(180)}; ///< without one, after which a holder is dead
};

/// The text of a lease.
struct Lease {
  Worker worker{};
  std::string token{};      ///< of this claim, random
  std::uint64_t beats = 0;  ///< signs of life so far
  std::uint64_t frames = 0; ///< frames finished
  std::uint64_t total = 0;  ///< frames of the file; 0: not known yet
  double seconds = 0;       ///< since the claim began, by the holder's steady clock
};

/// A held claim on one result: a lease file `lease-N`, locked (flock) against processes of this computer, and
/// beaten by a thread of its own for those of other computers. The destructor gives it back. Thread: any.
class Claim {
public:
  Claim(std::filesystem::path folder, std::uint64_t number, int fd, Worker worker, Patience patience);
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// Numbers of the claims on one result rise.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const Worker& worker() const { return worker_; }
  /// Tells others how far the work is.
  void note(std::uint64_t frames, std::uint64_t total);
  /// Whether nobody took the result over since. False after this process slept for longer than
  /// Patience::stale and another computer took it for dead.
  [[nodiscard]] bool holds() const;

private:
  void beat(const std::stop_token& stop);
  void write_lease();

  std::filesystem::path folder_;
  std::uint64_t number_;
  int fd_;
  Worker worker_;
  Patience patience_;
  std::string token_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> frames_{0}, total_{0};
  std::uint64_t beats_ = 0;
  std::mutex mutex_{};
  std::condition_variable_any wake_{};
  std::jthread thread_{};
};

/// What is known of a lease that somebody else made.
enum class Life : std::uint8_t {
  none,    ///< there is no lease
  alive,   ///< its holder lives
  dead,    ///< its holder is gone
  unknown, ///< it must be watched for longer
};

/// The newest lease of a result.
struct Found {
  std::uint64_t number = 0; ///< 0: none
  std::optional<Lease> lease{};
  std::chrono::seconds age{0}; ///< since its last sign, by the file server's clock; for people
};
/// Reads what stands in a result's folder. Locks nothing.
Found newest_lease(const std::filesystem::path& folder);

/// Somebody else has the result.
struct Taken {
  Life life = Life::unknown; ///< alive or unknown
  std::string host{};
};

/// Claims results for this process, and watches the claims of others. Thread: one at a time.
class Claims {
public:
  explicit Claims(Worker worker = this_worker(), Patience patience = {});
  /// Claims a result. folder: exists. last: returns the number of the last claim in the result's record; it
  /// is called again after the lease was made. Throws cli::Failure when no lease can be made.
  std::variant<std::unique_ptr<Claim>, Taken> take(const std::filesystem::path& folder,
                                                   const std::function<std::uint64_t()>& last);
  [[nodiscard]] const Patience& patience() const { return patience_; }

private:
  Life life_of(const std::filesystem::path& file, std::string& host);
  /// By the lock, which says something on this computer alone. fd: of the lease's file.
  [[nodiscard]] Life life_by_lock(int fd, const std::optional<Lease>& lease) const;
  /// By the signs of life that the lease got while this process looked at it.
  Life life_by_beats(const std::filesystem::path& file, const std::optional<Lease>& lease);
  /// Returns who has the newest lease, or nothing when nobody alive has it.
  std::optional<Taken> taken_by(const std::filesystem::path& folder, std::uint64_t newest);

  struct Watched {
    std::uint64_t beats = 0;
    std::chrono::steady_clock::time_point since{};
    bool moved = false;
  };
  Worker worker_;
  Patience patience_;
  std::map<std::string, Watched> watched_{}; ///< by file and token
};

} // namespace deid::archive
