#include "pipelines/deid/scan/measure.hpp"
#include "elements/mriremodel/resources.hpp"
#include "elements/volume/anatomy/protection.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/scan/figures.hpp"
#include "pipelines/deid/scan/page.hpp"
#include "pipelines/deid/scan/run.hpp"
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr int strangers = 17; ///< heads of the population that the person is hidden among

Json rounded(double value) {
  return std::round(value * 10000) / 10000;
}
Json rounded(const std::optional<double>& value) {
  return value ? rounded(*value) : Json();
}

Json to_json(const ScanFigures& f) {
  return {{"geometry_same", f.same_geometry},
          {"type_same", f.same_type},
          {"voxels", f.voxels},
          {"voxels_changed", f.changed},
          {"brain",
           {{"voxels", f.brain_voxels},
            {"changed", f.brain_changed},
            {"sha256_before", f.brain_hash_before},
            {"sha256_after", f.brain_hash_after}}},
          {"changed_outside_the_region", f.behind_changed},
          {"skin",
           {{"mean_mm", rounded(f.skin.mean)},
            {"p95_mm", rounded(f.skin.p95)},
            {"share_under_1_mm", rounded(f.skin.near)},
            {"ears_mean_mm", rounded(f.skin.ears)},
            {"ears_share_under_1_mm", rounded(f.skin.ears_near)},
            {"old_outer_10_mm_kept", rounded(f.skin.kept)}}},
          {"natural",
           {{"sharpness", rounded(f.natural.sharpness)},
            {"rim", rounded(f.natural.rim)},
            {"air", rounded(f.natural.air)},
            {"residual_edge", rounded(f.natural.edge)}}},
          {"recogniser",
           {{"to_own", rounded(f.likeness.to_own)},
            {"own_to_strangers_mean", rounded(f.likeness.own_to_strangers)},
            {"strangers", f.likeness.strangers},
            {"rank_of_own", f.likeness.rank}}},
          {"seconds", rounded(f.seconds)}};
}

void check_measure_options(const MeasureOptions& o) {
  const auto scan = [](const fs::path& file) { return is_scan(file) || is_series(file); };
  if (!scan(o.original) || !scan(o.deidentified))
    throw Failure("Both must be scans, or both videos.", exit_usage);
  if (o.dry_run)
    throw Failure("--dry-run is for videos; no graph runs for scans.", exit_usage);
  std::error_code ec;
  fs::create_directories(o.out, ec);
  for (const char* name : {"scan.json", "scan.html"})
    check_target(o.out / name, o.overwrite);
}

int measure(const MeasureOptions& o) {
  const auto start = std::chrono::steady_clock::now();
  const volume::Volume before = read_scan(o.original).volume, after = read_scan(o.deidentified).volume;
  if (!(before.about == after.about))
    throw Failure(
        "The scans differ in size, place, type or scaling; only scans of one grid can be compared.");
  mriremodel::Resources resources = mriremodel::load({}, {}, mriremodel::Method::random);
  const mriremodel::Subject subject = mriremodel::study(before.about, before.voxels, resources.known);
  ScanFigures figures = figures_of({before, after}, subject, resources, strangers);
  figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const Json json = to_json(figures);
  OutputFile data(o.out / "scan.json", o.overwrite), page(o.out / "scan.html", o.overwrite);
  append_to(data, json.dump(2) + "\n");
  append_to(page, page_of(json, after, o.show_original ? &before : nullptr));
  commit_all({&data, &page});
  if (!o.quiet)
    std::printf("%s\n%s\n", (o.out / "scan.html").c_str(), json.dump(2).c_str());
  return exit_ok;
}

} // namespace

int measure_scans(const MeasureOptions& o) {
  check_measure_options(o);
  try {
    return measure(o);
  } catch (const mriremodel::RemodelError& error) {
    throw Failure(error.what());
  } catch (const mriremodel::PeopleError& error) {
    throw Failure(error.what());
  } catch (const volume::RegistrationError& error) {
    throw Failure(error.what());
  } catch (const volume::ProtectionError& error) {
    throw Failure(error.what());
  }
}

} // namespace deid::cli
