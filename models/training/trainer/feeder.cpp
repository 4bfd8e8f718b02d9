#include "models/training/trainer/feeder.hpp"
#include "models/training/selection.hpp"
#include <algorithm>
#include <numeric>

namespace deid::training {

namespace {

Batch gathered(const std::vector<Example>& examples, int size) {
  const auto count = static_cast<std::int64_t>(examples.size());
  const auto bytes = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  const auto options = torch::TensorOptions().dtype(torch::kByte);
  torch::Tensor input = torch::empty({count, size, size, 3}, options), target = torch::empty_like(input);
  torch::Tensor weight = torch::empty({count, size, size, 1}, options);
  const auto put = [bytes](torch::Tensor& to, std::size_t i, const cv::Mat& picture) {
    const std::size_t length = bytes * static_cast<std::size_t>(picture.channels());
    CV_Assert(picture.isContinuous() && picture.total() == bytes);
    std::copy_n(picture.data, length, to.data_ptr<std::uint8_t>() + i * length);
  };
  for (std::size_t i = 0; i < examples.size(); ++i) {
    put(input, i, examples[i].input);
    put(target, i, examples[i].target);
    put(weight, i, examples[i].weight);
  }
  const auto as_numbers = [](const torch::Tensor& t,
                             double unit) { // N x H x W x C in memory is torch's channels last
    return t.permute({0, 3, 1, 2}).to(torch::kFloat).mul_(unit);
  };
  return {as_numbers(input, 1. / 255), as_numbers(target, 1. / 255), as_numbers(weight, weight_unit)};
}

/// Mixes two numbers into one (splitmix64).
std::uint64_t mixed(std::uint64_t seed, std::uint64_t step) {
  std::uint64_t z = seed * 0x9E3779B97F4A7C15U + step + 0x632BE59BD9B4E019U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

} // namespace

Side::Side(const FaceSet& set, int size, const LossWeight& weight) : augmenter_(size), size_(size) {
  std::vector<Face> trained; // without their crops
  for (const Face& face : set.faces) {
    Prepared one = augmenter_.prepare(face.crop, loss_weight(face.points, stored_size, weight));
    (face.held_out ? held_out_ : faces_).push_back(std::move(one));
    if (!face.held_out) {
      trained.push_back(face);
      trained.back().crop.release();
    }
  }
  if (faces_.empty())
    throw std::invalid_argument("There is no face to train on.");
  until_ = balance(trained);
  std::partial_sum(until_.begin(), until_.end(), until_.begin());
}

Batch Side::draw(const Recipe& recipe, bool warp, Random& random) const {
  Augmentation how = recipe.augmentation;
  if (!warp)
    how.warp = 0;
  std::vector<Example> examples;
  for (int i = 0; i < recipe.batch; ++i) {
    const auto place = std::ranges::upper_bound(until_, random.uniform(0, until_.back()));
    const auto which = std::min(static_cast<std::size_t>(place - until_.begin()), faces_.size() - 1);
    const Change change = training::draw(how, augmenter_.working_size(), random);
    examples.push_back(augmenter_.make(faces_[which], change));
  }
  return gathered(examples, size_);
}

Batch Side::held_out(std::size_t most) const {
  const std::vector<Prepared>& from = held_out_.empty() ? faces_ : held_out_;
  const std::size_t count = std::min(most, from.size());
  std::vector<Example> examples;
  for (std::size_t i = 0; i < count; ++i)
    examples.push_back(augmenter_.plain(from[i * from.size() / count]));
  return gathered(examples, size_);
}

Feeder::Feeder(const Side& subject, const Side& target, const Recipe& recipe)
    : subject_(subject), target_(target), recipe_(recipe) {}

Feeder::~Feeder() {
  if (next_.valid())
    next_.wait();
}

Step Feeder::make(std::int64_t step, bool warp) const {
  Random random(mixed(recipe_.seed, static_cast<std::uint64_t>(step)));
  Batch subject = subject_.draw(recipe_, warp, random);
  return {std::move(subject), target_.draw(recipe_, warp, random)};
}

Step Feeder::take(std::int64_t step, bool warp) {
  std::future<Step> ready = std::move(next_);
  const bool fits = ready.valid() && next_step_ == step && next_warp_ == warp;
  if (ready.valid())
    ready.wait(); // in any case: the other thread uses this object
  next_step_ = step + 1;
  next_warp_ = warp;
  Step now = fits ? ready.get() : make(step, warp);
  next_ = std::async(std::launch::async, [this, step, warp] { return make(step + 1, warp); });
  return now;
}

} // namespace deid::training
