#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// A study's book: which synthetic face each subject has, in all videos.
namespace deid::cli::subjects {

/// What a subject keeps from video to video.
struct Subject {
  std::string target{}; ///< name of the target
  std::string face{};   ///< SHA-256 of the target's picture; empty: written by hand, not known yet
  double geometry = 0;  ///< of faceswap [0..1]: the most that a result has needed so far
};

/// The book as a file:
///   {"format":"deid-subjects-1","subjects":{"P001":{"target":"nobody-3","face":"...","geometry":0.25}}}
/// It holds no descriptor and no picture of anybody. "face" and "geometry" may be missing. Thread: any.
struct Book {
  std::map<std::string, Subject> subjects{}; ///< by id

  /// A file that does not exist is an empty book. Throws Failure with one sentence: the file cannot be read,
  /// is larger than 16 MiB, is no book or a damaged one, has a field that is not known, or an id that
  /// check_id() refuses.
  static Book read(const std::filesystem::path& file);
  /// Writes the file whole or not at all; only its owner can read it. Throws Failure.
  void write(const std::filesystem::path& file) const;

  /// Null: the book does not have this subject.
  [[nodiscard]] const Subject* find(const std::string& id) const;
  /// The other subjects who have a target.
  [[nodiscard]] std::vector<std::string> holders(const std::string& target, const std::string& except) const;
};

/// Throws Failure(exit_usage) unless the text can be the id of a subject: 1 to 200 bytes of UTF-8, printable.
void check_id(const std::string& id);

/// Waits until no other process changes the book, and keeps all others away while it lives. The kernel frees
/// the lock when the process ends. The lock is a file beside the book, which stays and means nothing by
/// itself.
class BookLock {
public:
  /// Throws Failure when the lock cannot be made.
  explicit BookLock(const std::filesystem::path& book);
  ~BookLock();
  BookLock(const BookLock&) = delete;
  BookLock& operator=(const BookLock&) = delete;

private:
  int fd_ = -1;
};

} // namespace deid::cli::subjects
