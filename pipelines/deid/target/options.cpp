#include "pipelines/deid/target/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* help = R"(
A face that replaces others should be nobody's. --from makes one of several portraits: their mean and that of their
mirror images, mouth closed. It is refused when it looks like one of the sitters (dlib's descriptor, .6).
--photo takes one photo as it is: only of somebody who agreed to lend his or her face (--consented).

Examples:
  deid target --from portraits/ --out nobody.json --name nobody-1
  deid target --from portraits/ --out nobody.json --shape a.jpg=-0.5 --texture b.jpg=2 --glasses c.jpg
  deid target --from portraits/ --out other.json --tries 300 --apart-from nobody.json
  deid target --photo volunteer.jpg --consented --out volunteer.json)";

} // namespace

CLI::App* add_target_options(CLI::App& app, TargetOptions& o) {
  CLI::App* target =
      app.add_subcommand("target", "Make a face that replaces others: a composite that is nobody");
  const auto repeatable = [&](const char* option, std::vector<std::string>& to, const char* type,
                              const char* what) {
    target->add_option(option, to, what)->type_name(type)->expected(1)->take_all()->allow_extra_args(false);
  };
  target->add_option("--from", o.from, "Folder of portraits: one face each, from in front")
      ->type_name("FOLDER");
  target->add_option("--photo", o.photo, "One photo, as it is")->type_name("FILE");
  target->add_flag("--consented", o.consented, "The person on --photo agreed to lend the face");
  target->add_option("--out,-o", o.out, "The target file")->required()->type_name("FILE");
  target->add_option("--picture", o.picture, "Also as a picture to look at (PPM)")->type_name("FILE");
  target->add_option("--name", o.name, "Its name (default: that of the file)");
  target->add_option("--status", o.status, "Where it comes from and what it may be used for");
  repeatable("--shape", o.shape, "FILE=WEIGHT",
             "Whose shape, and how much [-2..2]; who is not named has no part (default: all alike)");
  repeatable("--texture", o.texture, "FILE=WEIGHT", "Whose skin, the same way");
  repeatable("--tone", o.tone, "FILE=WEIGHT",
             "Whose lightness and colour of the skin (default: as --texture)");
  repeatable("--glasses", o.glasses, "FILE",
             "A portrait with glasses: nothing is taken from around these eyes");
  repeatable("--fringe", o.fringe, "FILE",
             "A portrait with hair or a hat over the forehead: skin is stretched over it");
  target
      ->add_option("--apart-from", o.apart,
                   "A target file: the new one must be as far from it as from the sitters")
      ->type_name("FILE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  target
      ->add_option("--tries", o.tries,
                   "Choose the weights of shape and texture: the farthest of N mixtures of those named with "
                   "--shape and --texture")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  target->add_flag("--refine", o.refine, "--tries looks only near the weights given");
  target->add_option("--seed", o.seed, "Of --tries: another one gives other mixtures")->capture_default_str();
  target->add_option("--sharpen", o.sharpen, "Makes up for averaging [0..2]")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  target->add_flag("--force", o.force, "Write it even when it is like one of the sitters");
  target->add_flag("--overwrite", o.overwrite, "Replace a file that exists");
  target->add_flag("--json", o.json, "The distances as one line of JSON");
  target->footer(help);
  return target;
}

} // namespace deid::cli
