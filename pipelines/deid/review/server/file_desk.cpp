#include "pipelines/deid/review/server/file_desk.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/review/pictures/film_pictures.hpp"
#include <algorithm>

namespace deid::review::page {

FileDesk::FileDesk(std::vector<Item> items, const SessionOptions& options, std::function<Json()> list)
    : items_(std::move(items)), options_(options), list_(std::move(list)) {
  if (items_.size() == 1)
    open(items_.front().name);
}

FileDesk::~FileDesk() {
  stop_ = true;
  if (thread_.joinable())
    thread_.join();
}

Json FileDesk::status() {
  const std::scoped_lock lock(mutex_);
  return {{"state", state_},
          {"name", name_.empty() ? Json() : Json(name_)},
          {"progress", progress_.load()},
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
    opened_ = nullptr; // frees its lock
    state_ = "opening";
    name_ = name;
    error_.clear();
  }
  progress_ = 0;
  if (thread_.joinable())
    thread_.join(); // it has ended
  thread_ = std::thread([this, &one = *item] { work(one); });
}

void FileDesk::work(const Item& item) {
  std::string error;
  auto opened = std::make_shared<Opened>();
  try {
    SessionOptions options = options_;
    options.progress = [this](double progress) {
      progress_ = progress;
      return !stop_;
    };
    opened->folder = files::folder_of(item.files.result);
    opened->session = Session::open(item.files, options);
    opened->pictures = std::make_unique<FilmPictures>(FilmPictures::Films{
        item.files.original,
        opened->folder / opened->session->video().at("result_name").get<std::string>(),
        opened->folder, options_.no_original});
  } catch (const std::exception& e) {
    error = e.what();
  }
  const std::scoped_lock lock(mutex_);
  state_ = error.empty() ? "open" : "failed";
  error_ = error;
  opened_ = error.empty() ? std::move(opened) : nullptr;
}

} // namespace deid::review::page
