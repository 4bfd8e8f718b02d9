#include "elements/mriremodel/resources.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "models/manifest/manifest.hpp"

namespace deid::mriremodel {

namespace fs = std::filesystem;

namespace {

struct Part {
  const char* file;
  const char* sha256;
};
// of mricron-data 1.2.20211006
constexpr Part head{"ch2.nii.gz", "a009051127f64dc3dd554d5f5b589870ea72106d9642c21b4e7093e478cfc309"},
    brain{"ch2bet.nii.gz", "592a2d20abdf36eefcb540ca8958428040edffc1bc1a18ba1dcfbabac77c5dd1"};

volume::Sampler read(const fs::path& folder, const Part& part) {
  const fs::path file = folder / part.file;
  std::error_code ec;
  if (!fs::exists(file, ec))
    throw RemodelError("The template of a head is missing: " + file.string() +
                       ". ./meson-free-scripts/setup --scans brings it (package mricron-data).");
  if (models::sha256_of(file) != part.sha256)
    throw RemodelError("The template of a head is another one than expected: " + file.string() +
                       " has the wrong sha256. The brain would be looked for in the wrong place.");
  const nifti::Reading reading = nifti::read_file(file);
  return {reading.volume.about, reading.volume.voxels};
}

} // namespace

Resources load(const fs::path& templates, const fs::path& heads, Method method) {
  const fs::path folder = templates.empty() ? fs::path(template_folder) : templates;
  Resources all;
  all.known = volume::template_of(read(folder, head), read(folder, brain));
  if (gives_a_head(method))
    all.people = std::make_unique<People>(models::given_or_weight(heads, "heads"));
  if (method == Method::random)
    all.recogniser = new_recogniser();
  return all;
}

} // namespace deid::mriremodel
