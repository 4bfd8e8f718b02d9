#pragma once
#include "pipelines/deid/review/server/desk.hpp"
#include <atomic>
#include <mutex>
#include <vector>

// A review without files: what the server is asked reaches these objects, and they remember it.
namespace deid::review::page::test {

class FakeSession : public Session {
public:
  Json video() const override { return {{"name", name}, {"frames", 10}, {"result_name", result_name}}; }
  Json moments() const override { return Json::array(); }
  Json sheet() const override { return {{"strips", Json::array()}}; }
  Json sheets() const override { return Json::array(); }
  Json person_sheet(int person) const override {
    if (person != 1)
      throw UserError("There is no person " + std::to_string(person) + ".");
    return {{"person", person}};
  }
  void look(const std::function<bool(double)>&) override {}
  Json timeline() const override { return {{"people", {{{"id", 1}, {"name", name}}}}}; }
  Json state() const override { return {{"edits", applied}}; }
  Json frame(int index) const override {
    if (index >= 10)
      throw UserError("There is no frame " + std::to_string(index) + ".");
    return {{"regions", Json::array()}};
  }
  Json apply(const Json& operation) override {
    if (operation.at("kind") == "refuse")
      throw UserError("This does not fit.");
    applied.push_back(operation);
    return state();
  }
  Json undo() override { return state(); }
  Json redo() override { return state(); }
  Json render(const std::function<bool(double)>& progress) override {
    while (hold && progress(.5)) {
    }
    if (!progress(1))
      throw UserError("The render was stopped.");
    result_name = "rendered.mp4";
    return {{"changed_frames", 3}, {"output", result_name}};
  }
  Json sign(const Json& who) override { return {{"name", who.at("name")}}; }
  Json check() const override { return {{"fine", true}}; }

  std::string name = "visit.mp4", result_name = "visit.deid.mp4";
  std::vector<Json> applied{};
  std::atomic<bool> hold{false}; ///< render() goes on until it is stopped, or this is false
};

class FakePictures : public Pictures {
public:
  std::string picture(Side side, int frame, bool whole) override {
    return (side == Side::original ? "original " : "result ") + std::to_string(frame) +
           (whole ? " whole" : "");
  }
  Json progress() const override { return {{"result", {{"frames", 10}, {"ready", 10}}}}; }
  void result_is(const std::filesystem::path& file) override {
    const std::scoped_lock lock(mutex);
    result = file;
  }
  std::mutex mutex{};
  std::filesystem::path result{};
};

class FakeDesk : public Desk {
public:
  FakeDesk() : one(std::make_shared<Opened>()) {
    auto made = std::make_unique<FakeSession>();
    session = made.get();
    one->session = std::move(made);
    auto drawn = std::make_unique<FakePictures>();
    pictures = drawn.get();
    one->pictures = std::move(drawn);
    one->folder = "results";
  }
  Json status() override { return {{"state", is_open ? "open" : "opening"}, {"batch", false}}; }
  std::shared_ptr<Opened> opened() override { return is_open ? one : nullptr; }
  Json batch() override { return Json::array(); }
  void open(const std::string& name) override { throw UserError("This review has no video " + name + "."); }

  std::atomic<bool> is_open{true};
  std::shared_ptr<Opened> one;
  FakeSession* session = nullptr;
  FakePictures* pictures = nullptr;
};

} // namespace deid::review::page::test
