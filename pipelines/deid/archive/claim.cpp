#include "pipelines/deid/archive/claim.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace deid::archive {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr const char* prefix = "lease-";
constexpr std::size_t lease_bytes = 512; // a lease has always this length, so that a beat is one write
constexpr int most_tries = 16;           // other processes that are faster, before a claim gives up

fs::path lease_file(const fs::path& folder, std::uint64_t number) {
  return folder / (prefix + std::to_string(number));
}

std::string random_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i)
    token += std::to_string(random());
  return token;
}

std::string first_line(const char* file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// "12_3" in a task of an array job, "12" in another job.
std::string slurm_job() {
  const char* array = std::getenv("SLURM_ARRAY_JOB_ID");
  const char* task = std::getenv("SLURM_ARRAY_TASK_ID");
  const char* job = std::getenv("SLURM_JOB_ID");
  if (array && task)
    return std::string(array) + "_" + task;
  return job ? job : "";
}

std::string text_of(const Lease& lease) {
  std::string text = Json{{"boot", lease.worker.boot}, {"host", lease.worker.host}, {"job", lease.worker.job},
                          {"token", lease.token},      {"beats", lease.beats},      {"frames", lease.frames},
                          {"total", lease.total},      {"seconds", lease.seconds}}
                         .dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize(std::max(text.size(), lease_bytes - 1), ' ');
  return text + "\n";
}

std::optional<Lease> lease_in(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    return std::nullopt;
  try {
    return Lease{{json.at("boot"), json.at("host"), json.at("job")},
                 json.at("token"),
                 json.at("beats"),
                 json.at("frames"),
                 json.at("total"),
                 json.at("seconds")};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::optional<Lease> read_lease(int fd) {
  std::array<char, 2 * lease_bytes> text{};
  const ssize_t n = pread(fd, text.data(), text.size(), 0);
  return n > 0 ? lease_in(std::string(text.data(), static_cast<std::size_t>(n))) : std::nullopt;
}

/// The numbers of all leases in a folder.
std::vector<std::uint64_t> numbers_in(const fs::path& folder) {
  std::vector<std::uint64_t> numbers;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix))
      numbers.push_back(std::strtoull(name.c_str() + std::strlen(prefix), nullptr, 10));
  }
  return numbers;
}

std::uint64_t greatest(const std::vector<std::uint64_t>& numbers) {
  return numbers.empty() ? 0 : *std::ranges::max_element(numbers);
}

/// The clock of the file server: the time of a file that is made there now.
timespec server_now(const fs::path& folder) {
  std::string name = (folder / "clock-XXXXXX").string();
  struct stat facts {};
  const int fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) {
    fstat(fd, &facts);
    close(fd);
    unlink(name.c_str());
  } else {
    clock_gettime(CLOCK_REALTIME, &facts.st_mtim);
  }
  return facts.st_mtim;
}

} // namespace

Worker this_worker() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return {first_line("/proc/sys/kernel/random/boot_id"), host.data(), slurm_job()};
}

Claim::Claim(fs::path folder, std::uint64_t number, int fd, Worker worker, Patience patience)
    : folder_(std::move(folder)), number_(number), fd_(fd), worker_(std::move(worker)), patience_(patience),
      token_(random_token()) {
  write_lease();
  thread_ = std::jthread([this](const std::stop_token& stop) { beat(stop); });
}

Claim::~Claim() {
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
  unlink(lease_file(folder_, number_).c_str());
  close(fd_);
}

void Claim::note(std::uint64_t frames, std::uint64_t total) {
  frames_ = frames;
  if (total > 0)
    total_ = total;
}

bool Claim::holds() const {
  return greatest(numbers_in(folder_)) == number_;
}

void Claim::write_lease() {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const std::string text = text_of({worker_, token_, beats_++, frames_, total_, seconds});
  // A sign of life that cannot be written is no reason to stop the work; holds() is asked before its end.
  if (pwrite(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()))
    fdatasync(fd_);
}

void Claim::beat(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, patience_.beat, [] { return false; });
    if (!stop.stop_requested())
      write_lease();
  }
}

Found newest_lease(const fs::path& folder) {
  Found found{.number = greatest(numbers_in(folder))};
  if (found.number == 0)
    return found;
  const int fd = open(lease_file(folder, found.number).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return {};
  found.lease = read_lease(fd);
  struct stat facts {};
  if (fstat(fd, &facts) == 0)
    found.age =
        std::chrono::seconds(std::max<std::int64_t>(0, server_now(folder).tv_sec - facts.st_mtim.tv_sec));
  close(fd);
  return found;
}

Claims::Claims(Worker worker, Patience patience) : worker_(std::move(worker)), patience_(patience) {}

Life Claims::life_by_lock(int fd, const std::optional<Lease>& lease) const {
  const bool same_computer = lease && !worker_.boot.empty() && lease->worker.boot == worker_.boot &&
                             lease->worker.host == worker_.host;
  if (!same_computer)
    return Life::unknown;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0)
    return Life::dead;
  return errno == EWOULDBLOCK ? Life::alive : Life::unknown;
}

Life Claims::life_of(const fs::path& file, std::string& host) {
  const int fd =
      open(file.c_str(), O_RDWR | O_CLOEXEC); // NFS locks for writing only what is open for writing
  if (fd < 0)
    return errno == ENOENT || errno == ESTALE ? Life::none : Life::unknown;
  const std::optional<Lease> lease = read_lease(fd);
  const Life life = life_by_lock(fd, lease);
  close(fd);
  host = lease ? lease->worker.host : "";
  return life == Life::unknown ? life_by_beats(file, lease) : life;
}

Life Claims::life_by_beats(const fs::path& file, const std::optional<Lease>& lease) {
  const auto now = std::chrono::steady_clock::now();
  const std::uint64_t beats = lease ? lease->beats : 0;
  auto [entry, fresh] =
      watched_.try_emplace(file.string() + (lease ? lease->token : ""), Watched{beats, now});
  Watched& watched = entry->second;
  if (watched.beats != beats)
    watched = {beats, now, true};
  if (now - watched.since >= patience_.stale)
    return Life::dead;
  return watched.moved ? Life::alive : Life::unknown;
}

std::optional<Taken> Claims::taken_by(const fs::path& folder, std::uint64_t newest) {
  Taken taken;
  if (newest > 0)
    taken.life = life_of(lease_file(folder, newest), taken.host);
  const bool lives = newest > 0 && (taken.life == Life::alive || taken.life == Life::unknown);
  return lives ? std::optional(taken) : std::nullopt;
}

std::variant<std::unique_ptr<Claim>, Taken> Claims::take(const fs::path& folder,
                                                         const std::function<std::uint64_t()>& last) {
  for (int i = 0; i < most_tries; ++i) {
    const std::vector<std::uint64_t> leases = numbers_in(folder);
    if (auto taken = taken_by(folder, greatest(leases)))
      return *taken;
    const std::uint64_t number = std::max(greatest(leases), last()) + 1;
    const fs::path file = lease_file(folder, number);
    const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) // another process was faster
      continue;
    if (fd < 0)
      throw cli::Failure(file.string() + " cannot be made (" + std::strerror(errno) + ").");
    flock(fd, LOCK_EX | LOCK_NB); // where locks are not known, the signs of life remain
    auto claim = std::make_unique<Claim>(folder, number, fd, worker_, patience_);
    for (const std::uint64_t old : leases)
      unlink(lease_file(folder, old).c_str());
    if (last() < number) // otherwise somebody took and gave back this very number since
      return claim;
  }
  return Taken{Life::unknown, ""};
}

} // namespace deid::archive
