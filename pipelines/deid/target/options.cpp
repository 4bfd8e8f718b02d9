#include "pipelines/deid/target/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* target_help = R"(
A target should show no existing person. --from makes a composite of several portraits: the mean of the portraits and
their mirror images, with a closed mouth. A composite that looks like one of the sitters (dlib distance below .6) is
refused. --photo takes the face of one photo. The person in it must have agreed to lend the face (--consented).

Examples:
  deid target --from portraits/ --out nobody.json --name nobody-1
  deid target --from portraits/ --out nobody.json --shape a.jpg=-0.5 --texture b.jpg=2 --glasses c.jpg
  deid target --from portraits/ --out other.json --tries 300 --apart-from nobody.json
  deid target --photo volunteer.jpg --consented --out volunteer.json)";

/// Adds the options that name a sitter each: weights, and what of a portrait is not used.
void add_sitters(CLI::App* target, TargetOptions& o) {
  const auto repeatable = [&](const char* option, std::vector<std::string>& to, const char* type,
                              const char* what) {
    target->add_option(option, to, what)->type_name(type)->expected(1)->take_all()->allow_extra_args(false);
  };
  repeatable("--shape", o.shape, "FILE=WEIGHT",
             "Portrait and weight of its shape [-2..2]; portraits without a weight do not count (default: "
             "equal weights)");
  repeatable("--texture", o.texture, "FILE=WEIGHT", "Portrait and weight of its skin, in the same way");
  repeatable("--detail", o.detail, "FILE=WEIGHT",
             "Portrait and weight of its wrinkles, folds and pores, which show age (default: as --texture)");
  repeatable("--tone", o.tone, "FILE=WEIGHT", "Portrait and weight of its skin tone (default: as --texture)");
  repeatable(
      "--proportion", o.proportion, "NAME=NUMBER",
      "Change of the shape, such as nose_width=1 [-3..3]; 1 is about one standard deviation of people");
  repeatable("--glasses", o.glasses, "FILE", "A portrait with glasses: its eye region is not used");
  repeatable("--fringe", o.fringe, "FILE",
             "A portrait with hair or a hat over the forehead: skin is stretched over it");
}

} // namespace

CLI::App* add_target_options(CLI::App& app, TargetOptions& o) {
  CLI::App* target = app.add_subcommand(
      "target",
      "Make a target: a face that replaces others, as a composite of portraits that shows none of them");
  target->add_option("--from", o.from, "Folder of portraits: one frontal face each")->type_name("FOLDER");
  target->add_option("--photo", o.photo, "Make the target from this one photo")->type_name("FILE");
  target->add_flag("--consented", o.consented, "The person in --photo agreed to lend the face");
  target
      ->add_option("--recipes", o.recipes,
                   "Make all composites of this file (models/targets.json); --out is their folder")
      ->type_name("FILE");
  target->add_option("--out,-o", o.out, "The target file")->required()->type_name("FILE");
  target->add_option("--picture", o.picture, "Also write the target as a picture (PPM)")->type_name("FILE");
  target->add_option("--name", o.name, "Name of the target (default: that of the file)");
  target
      ->add_option("--sex", o.sex,
                   "Whether the target looks like a woman or a man (default: what FaceRes sees, where it is "
                   "installed)")
      ->check(CLI::IsMember({"woman", "man"}));
  target
      ->add_option("--age", o.age, "The age that the target looks like [years] (default: what FaceRes sees)")
      ->check(CLI::Range(0., 120.));
  target->add_option("--status", o.status, "Origin and permitted use of the target");
  add_sitters(target, o);
  target
      ->add_option("--apart-from", o.apart,
                   "Another target file: the new target must be as far from it as from the sitters")
      ->type_name("FILE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  target
      ->add_option("--tries", o.tries,
                   "Search the weights of shape and texture: try N mixtures of the portraits in --shape and "
                   "--texture, and take the one farthest from the sitters")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  target->add_flag("--refine", o.refine, "--tries searches only near the given weights");
  target->add_option("--seed", o.seed, "Seed of --tries")->capture_default_str();
  target
      ->add_option("--second-least", o.second_least,
                   "FaceRes's distance to all sitters and targets that a composite needs [0..2], where "
                   "FaceRes is installed")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  target->add_option("--sharpen", o.sharpen, "Sharpening that compensates for averaging [0..2]")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  target->add_flag("--force", o.force, "Write the target even if it looks like one of the sitters");
  target->add_flag("--overwrite", o.overwrite, "Replace a file that exists");
  target->add_flag("--json", o.json, "Print the distances as one line of JSON");
  target->footer(target_help);
  return target;
}

} // namespace deid::cli
