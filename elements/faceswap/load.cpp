#include "elements/faceswap/load.hpp"
#include "elements/base/error.hpp"
#include "elements/faceswap/drawing/trained_painter.hpp"
#include "models/autoencoder/autoencoder.hpp"
#include "models/manifest/manifest.hpp"
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace deid::faceswap {

namespace {

[[noreturn]] void fail(int code, const std::string& sentence, const std::string& cause) {
  throw ElementError(GST_RESOURCE_ERROR, code, sentence, cause);
}

template <class Read> auto reading(const std::string& property, const std::string& path, Read&& read) {
  try {
    return std::forward<Read>(read)();
  } catch (const TargetError& error) {
    bool there = true; // true with several files: then a damaged file is more likely than a missing one, and
                       // the message names it
    std::error_code ignored;
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find(':', at), path.size());
      there = there && (end == at || std::filesystem::exists(path.substr(at, end - at), ignored));
      at = end + 1;
    }
    fail(there ? GST_RESOURCE_ERROR_OPEN_READ : GST_RESOURCE_ERROR_NOT_FOUND, error.what(),
         property + "=" + path);
  }
}

std::string bank_of(const Sources& sources) {
  if (!sources.bank.empty())
    return sources.bank;
  if (const auto made = default_bank(models::model_dirs()))
    return made->string();
  fail(
      GST_RESOURCE_ERROR_NOT_FOUND,
      "There is no face to swap with: the bank of targets that set-up makes is missing. Run "
      "./meson-free-scripts/setup and ./meson-free-scripts/build, or set the property target or target-bank.",
      "no folder `targets` beside the models");
}

/// Returns no targets, and the people of the set-up's bank as strangers.
Loaded strangers_alone() {
  const auto made = default_bank(models::model_dirs());
  if (!made)
    return {};
  Bank bank = reading("target-bank", made->string(), [&] { return read_bank(*made); });
  return {{}, std::move(bank.targets), std::move(bank.strangers)};
}

/// Returns the targets of the bank that the list names. The others count as strangers.
Loaded chosen(Bank bank, const std::string& names, const std::string& folder) {
  if (names.empty())
    return {std::move(bank.targets), {}, std::move(bank.strangers)};
  std::set<std::string> wanted;
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find(',', at), names.size());
    if (end > at)
      wanted.insert(names.substr(at, end - at));
    at = end + 1;
  }
  Loaded loaded{{}, {}, std::move(bank.strangers)};
  std::set<std::string> missing = wanted;
  for (Target& target : bank.targets) {
    missing.erase(target.name);
    (wanted.contains(target.name) ? loaded.targets : loaded.lookalikes).push_back(std::move(target));
  }
  if (!missing.empty() || loaded.targets.empty())
    fail(GST_RESOURCE_ERROR_SETTINGS,
         "The bank " + folder + " has no target " + (missing.empty() ? "of target-names" : *missing.begin()) +
             ".",
         "target-names=" + names);
  return loaded;
}

Loaded targets_of(const Sources& sources) {
  if (sources.engine == Engine::autoencoder && !sources.others())
    return strangers_alone();
  if (sources.pick()) {
    const std::string folder = bank_of(sources);
    Bank bank = reading("target-bank", folder, [&] { return read_bank(folder); });
    if (bank.targets.empty())
      fail(GST_RESOURCE_ERROR_OPEN_READ, "The bank " + folder + " holds no target file.",
           "target-bank=" + folder);
    return chosen(std::move(bank), sources.names, folder);
  }
  if (!sources.names.empty())
    fail(GST_RESOURCE_ERROR_SETTINGS,
         "target-names chooses among the targets of a bank, and target names files.",
         "target-names and target are both set");
  if (!sources.bank.empty())
    fail(GST_RESOURCE_ERROR_SETTINGS, "Set target to files, or target-bank to a folder, but not both.",
         "target and target-bank are both set");
  std::vector<Target> targets =
      reading("target", sources.target, [&] { return read_targets(sources.target); });
  if (targets.empty())
    fail(GST_RESOURCE_ERROR_SETTINGS,
         "There is no face to swap with: the property target names no target file.", "target is empty");
  return {std::move(targets), {}, {}};
}

/// The passphrase is never a property, because every user of the machine can read a command line.
std::string passphrase(const Sources& sources) {
  std::string line;
  if (!sources.passphrase_file.empty()) {
    std::ifstream file(sources.passphrase_file);
    if (!std::getline(file, line))
      fail(GST_RESOURCE_ERROR_OPEN_READ,
           "The passphrase file " + sources.passphrase_file + " cannot be read, or is empty.",
           "passphrase-file");
  } else if (const char* said = std::getenv(passphrase_variable); said != nullptr) {
    line = said;
  }
  return line;
}

using models::autoencoder::Autoencoder;

/// The pointer is shared because std::function, which holds it, must be copyable.
std::shared_ptr<Autoencoder> network_of(const Sources& sources) {
  try {
    // f32: bf16 halves the 2 ms of a light network, but moves descriptors by .03 (bench/autoencoder)
    return std::make_shared<Autoencoder>(sources.model, models::SessionOptions{.device = sources.device},
                                         passphrase(sources));
  } catch (const models::ModelError& error) { // the error's sentence names the fault of the model
    fail(error.kind() == models::ModelError::Kind::missing ? GST_RESOURCE_ERROR_NOT_FOUND
                                                           : GST_RESOURCE_ERROR_OPEN_READ,
         error.what(), "model=" + sources.model);
  }
}

void append(const Strangers& from, Strangers& to) {
  to.first.insert(to.first.end(), from.first.begin(), from.first.end());
  to.second.insert(to.second.end(), from.second.begin(), from.second.end());
}

} // namespace

Loaded load(const Sources& sources) {
  Loaded loaded = targets_of(sources);
  if (!sources.gallery.empty()) {
    Bank gallery = reading("gallery", sources.gallery, [&] { return read_bank(sources.gallery); });
    loaded.lookalikes.insert(loaded.lookalikes.end(), std::make_move_iterator(gallery.targets.begin()),
                             std::make_move_iterator(gallery.targets.end()));
    append(gallery.strangers, loaded.strangers);
  }
  loaded.people = !sources.gallery.empty() || !loaded.strangers.first.empty();
  return loaded;
}

std::optional<Trained> load_trained(const Sources& sources) {
  if (sources.engine == Engine::mesh) {
    if (!sources.model.empty())
      fail(GST_RESOURCE_ERROR_SETTINGS,
           "The property model needs engine=autoencoder; set both, or leave model out.",
           "model=" + sources.model);
    return {};
  }
  if (sources.model.empty())
    fail(GST_RESOURCE_ERROR_SETTINGS,
         "engine=autoencoder needs the property model: a model file of deid train.", "model is empty");
  const auto network = network_of(sources);
  const auto& about = network->about();
  auto painter = std::make_unique<TrainedPainter>(
      [network](const cv::Mat& face) { return network->convert(face); }, network->size(), about.alignment);
  return Trained{about.target.name, std::move(painter), about.subject, about.target.descriptor};
}

} // namespace deid::faceswap
