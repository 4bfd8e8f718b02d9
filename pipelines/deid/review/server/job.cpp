#include "pipelines/deid/review/server/job.hpp"

namespace deid::review::page {

RenderJob::~RenderJob() {
  stop();
  if (thread_.joinable())
    thread_.join();
}

void RenderJob::start(std::shared_ptr<Opened> opened) {
  const std::scoped_lock lock(mutex_);
  if (state_ == "running")
    throw UserError("A render is running; wait for its end, or stop it.");
  if (thread_.joinable())
    thread_.join(); // it has ended
  state_ = "running";
  result_ = nullptr;
  error_ = nullptr;
  progress_ = 0;
  stop_ = false;
  thread_ = std::thread([this, video = std::move(opened)] { work(video); });
}

void RenderJob::stop() {
  stop_ = true;
}

void RenderJob::work(const std::shared_ptr<Opened>& opened) {
  try {
    Json result = opened->session->render([this](double progress) {
      progress_ = progress;
      return !stop_;
    });
    opened->pictures->result_is(opened->folder /
                                opened->session->video().at("result_name").get<std::string>());
    end("done", std::move(result), nullptr);
  } catch (const std::exception& e) {
    end(stop_ ? "stopped" : "failed", nullptr, e.what());
  }
}

void RenderJob::end(const char* state, Json result, Json error) {
  const std::scoped_lock lock(mutex_);
  state_ = state;
  result_ = std::move(result);
  error_ = std::move(error);
}

Json RenderJob::status() const {
  const std::scoped_lock lock(mutex_);
  return {{"state", state_}, {"progress", progress_.load()}, {"result", result_}, {"error", error_}};
}

} // namespace deid::review::page
