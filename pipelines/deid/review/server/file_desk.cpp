#include "pipelines/deid/review/server/file_desk.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/review/pictures/film_pictures.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <sys/resource.h>
#include <unistd.h>

namespace deid::review::page {
namespace {

/// Lets this thread, and those that it begins, work only where nobody waits for the processor: a person who
/// steps through the film does.
void stand_back() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
}

} // namespace

FileDesk::FileDesk(std::vector<Item> items, const SessionOptions& options, std::function<Json()> list)
    : items_(std::move(items)), options_(options), list_(std::move(list)) {
  if (items_.size() == 1)
    open(items_.front().name);
}

FileDesk::~FileDesk() {
  stop_thread();
}

void FileDesk::stop_thread() {
  stop_ = true;
  if (thread_.joinable())
    thread_.join();
  stop_ = false;
}

Json FileDesk::status() {
  static constexpr std::array names{"waiting", "running", "done", "failed"};
  const std::scoped_lock lock(mutex_);
  return {{"state", state_},
          {"name", name_.empty() ? Json() : Json(name_)},
          {"progress", progress_.load()},
          {"look", names[static_cast<std::size_t>(look_)]},
          {"error", error_.empty() ? Json() : Json(error_)},
          {"batch", items_.size() > 1}};
}

std::shared_ptr<Opened> FileDesk::opened() {
  const std::scoped_lock lock(mutex_);
  return opened_;
}

void FileDesk::open(const std::string& name) {
  const auto item = std::ranges::find(items_, name, &Item::name);
  if (item == items_.end())
    throw UserError("This review has no video " + name + ".");
  const std::scoped_lock begun(opening_);
  {
    const std::scoped_lock lock(mutex_);
    if (state_ == "opening")
      throw UserError(name_ + " is being opened; wait for its end.");
    opened_ = nullptr; // its file lock is free when the thread has ended, too
    state_ = "opening";
    look_ = Look::waiting;
    name_ = name;
    error_.clear();
  }
  stop_thread();
  progress_ = 0;
  thread_ = std::thread([this, &one = *item] { work(one); });
}

std::shared_ptr<Opened> FileDesk::make(const Item& item) const {
  if (item.files.original.empty())
    throw UserError("The original of " + item.name +
                    " is not known. Give the folder of the originals, too: deid review ORIGINALS RESULTS.");
  SessionOptions options = options_;
  options.look = false;
  auto opened = std::make_shared<Opened>();
  opened->folder = files::folder_of(item.files.result);
  // The frames of a long film take as long to count as its audit takes to read; both are done at once.
  opened->pictures = std::make_unique<FilmPictures>(
      FilmPictures::Films{item.files.original, item.files.result, opened->folder, options_.no_original});
  opened->session = Session::open(item.files, options);
  const std::string result = opened->session->video().at("result_name").get<std::string>();
  if (result != item.files.result.filename())
    opened->pictures->result_is(opened->folder / result);
  return opened;
}

void FileDesk::work(const Item& item) {
  std::shared_ptr<Opened> opened;
  std::string error;
  try {
    opened = make(item);
  } catch (const std::exception& e) {
    error = e.what();
  }
  {
    const std::scoped_lock lock(mutex_);
    state_ = opened ? "open" : "failed";
    error_ = error;
    look_ = opened ? Look::running : Look::waiting;
    opened_ = opened;
  }
  if (!opened)
    return;
  stand_back();
  look(*opened);
}

void FileDesk::look(Opened& opened) {
  std::string error;
  try {
    opened.session->look([&](double progress) {
      progress_ = progress;
      while (!stop_ && opened.pictures->awaited())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return !stop_;
    });
  } catch (const std::exception& e) {
    error = e.what();
  }
  const std::scoped_lock lock(mutex_);
  look_ = error.empty() ? Look::done : Look::failed;
  error_ = stop_ ? "" : error;
}

} // namespace deid::review::page
