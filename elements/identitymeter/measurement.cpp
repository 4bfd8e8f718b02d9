#include "elements/identitymeter/measurement.hpp"
#include "elements/identitymeter/report.hpp"
#include "elements/identitymeter/second.hpp"
#include "models/faceres/limit.hpp"
#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace deid::identitymeter {

namespace {

void check_files(const MeterOptions& options) {
  std::error_code ignored;
  std::vector<std::filesystem::path> files{options.location, options.csv, options.raw, options.target};
  std::istringstream list(options.target);
  for (std::string one; std::getline(list, one, ':');)
    if (one != options.target) // one of several
      files.emplace_back(one);
  for (std::size_t i = 0; i < files.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (!files[i].empty() && !files[k].empty() &&
          std::filesystem::weakly_canonical(files[i], ignored) ==
              std::filesystem::weakly_canonical(files[k], ignored))
        throw std::invalid_argument("two of location, csv, raw and target are the same file, " +
                                    files[i].string());
}

const FaceRegion* region_of(std::span<const FaceRegion> regions, std::uint32_t id) {
  const auto found = std::ranges::find(regions, id, &FaceRegion::id);
  return found == regions.end() ? nullptr : &*found;
}

} // namespace

const char* to_string(Missing missing) {
  switch (missing) {
  case Missing::none:
    return "none";
  case Missing::no_stamp:
    return "no-stamp";
  case Missing::no_original:
    return "no-original";
  case Missing::other_picture:
    break;
  }
  return "other-picture";
}

Measurement::Measurement(const MeterOptions& options, std::unique_ptr<Networks> networks)
    : options_(options), networks_(std::move(networks)), targets_(options.target),
      ledger_(options.threshold) {
  check_files(options_);
  if (!options_.raw.empty())
    raw_.emplace(options_.raw);
  if (!options_.csv.empty())
    csv_.emplace(options_.csv);
}

void Measurement::format(unsigned interval, const std::string& stream) {
  const std::lock_guard lock(mutex_);
  interval_ = interval;
  stream_ = stream;
}

bool Measurement::missed(Missing why) {
  const std::lock_guard lock(mutex_);
  ++counts_.frames;
  ++counts_.missing.at(static_cast<std::size_t>(why));
  written_ = false;
  return std::exchange(run_, why) != why;
}

void Measurement::start_files() {
  if (std::exchange(begun_, true))
    return;
  if (raw_)
    raw_->write(raw_head({stream_, descriptor_model(), interval_}));
  if (csv_)
    csv_->write(csv_head());
}

void Measurement::write(const std::vector<Measured>& faces) {
  start_files();
  std::string lines, cells;
  for (const Measured& one : faces) {
    if (raw_)
      lines += raw_line(one);
    if (csv_)
      cells += csv_line(one);
  }
  if (raw_)
    raw_->write(lines);
  if (csv_)
    csv_->write(cells);
}

/// Cuts the face out of the result and computes its descriptor. The cut-out is wiped.
void Measurement::describe(const Seen& seen, const OriginalFace& original, Measured& measured) {
  identity::FaceDescriptors& sample = measured.sample;
  if (original.descriptor.size() == std::tuple_size_v<Descriptor>) {
    std::ranges::copy(original.descriptor, sample.original.emplace().begin());
    measured.original_points = original.points;
  }
  std::vector<cv::Point3f> landmarks;
  if (options_.landmarks == Landmarks::result)
    if (const auto mesh = find_mesh(seen.frame, original, *networks_)) {
      measured.points = models::chip_points(*mesh);
      landmarks = mesh->landmarks;
    }
  measured.found = measured.points.has_value();
  measured.second = second_seen(seen.frame, original, landmarks, *networks_);
  if (!measured.found)
    measured.points = original.points;
  if (!measured.points)
    return;
  const SecretBytes chip = cut_chip(seen.frame, *measured.points);
  if (chip.empty())
    measured.points.reset();
  else
    sample.deidentified = networks_->describe(picture_of(chip));
}

Measured Measurement::face(const Seen& seen, const OriginalFace& original) {
  Measured measured{.pts = seen.pts, .frame = seen.originals.number};
  measured.sample.id = original.id;
  if (const FaceRegion* region = region_of(seen.regions, original.id)) {
    measured.sample.state = identity::state_of(region->treatment);
    measured.wears = region->wears;
  }
  if (const Descriptor* target = targets_.of(measured.wears))
    measured.sample.target = *target;
  describe(seen, original, measured);
  return measured;
}

namespace {

/// Returns the number of covered regions of which the original has no face.
std::uint64_t unexpected_in(const Seen& seen) {
  const auto unknown = [&](const FaceRegion& region) {
    return std::ranges::none_of(seen.originals.faces,
                                [&](const OriginalFace& face) { return face.id == region.id; });
  };
  return static_cast<std::uint64_t>(std::ranges::count_if(seen.regions, unknown));
}

} // namespace

void Measurement::measure(const Seen& seen, const std::string& detector) {
  run_ = Missing::none;
  const bool due = seen.originals.taken && seen.originals.number % interval_ == 0;
  std::vector<Measured> faces;
  if (due)
    for (const OriginalFace& original : seen.originals.faces)
      faces.push_back(face(seen, original)); // no lock is held during inference
  {
    const std::lock_guard lock(mutex_);
    written_ = false;
    detector_ = detector;
    ++counts_.frames;
    ++(due ? counts_.measured : counts_.left_out);
    for (Measured& one : faces) {
      one.distances = ledger_.add(one.sample);
      if (const auto second = second_distance(one))
        second_.at(static_cast<std::size_t>(one.sample.state)).add(*second, models::faceres_limit);
      counts_.without_landmarks += one.sample.original ? 0 : 1;
      ++(!one.sample.deidentified ? counts_.unseen : one.found ? counts_.found : counts_.assumed);
    }
    if (due)
      counts_.unexpected += unexpected_in(seen);
  }
  write(faces);
}

void Measurement::restart() {
  const std::lock_guard lock(mutex_);
  counts_ = {};
  second_ = {};
  ledger_ = identity::Ledger(options_.threshold);
  run_ = Missing::none;
  written_ = true;
  failed_ = false;
  begun_ = false;
  for (auto* file : {&raw_, &csv_})
    if (*file)
      (*file)->empty();
}

Summary Measurement::summary(bool ending) const {
  const std::lock_guard lock(mutex_);
  Summary summary;
  summary.counts = counts_;
  for (std::size_t i = 0; i < identity::state_count; ++i) {
    summary.figures.at(i) = ledger_.figures(static_cast<identity::State>(i));
    summary.faces.at(i) = ledger_.faces(static_cast<identity::State>(i));
  }
  summary.all = ledger_.all();
  summary.second = second_;
  summary.threshold = options_.threshold;
  summary.interval = interval_;
  summary.landmarks = options_.landmarks;
  summary.detector = detector_;
  if (ending)
    summary.ending = ledger_.ending();
  return summary;
}

bool Measurement::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(written_, true) || failed_)
      return false;
  }
  start_files(); // a file without faces has its head, too
  if (!options_.location.empty())
    write_report(options_.location, summary(true));
  return true;
}

} // namespace deid::identitymeter
