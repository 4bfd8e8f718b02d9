#include "models/training/trainer/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::training {

std::optional<int> parse(int argc, const char* const* argv, Options& o) {
  CLI::App app{"Trains a subject-target autoencoder on faces that `deid train` extracted", "deid-train"};
  app.add_option("--subject", o.subject, "Faces of the subject: the person to be hidden")->required();
  app.add_option("--target", o.target, "Faces of the target")->required();
  app.add_option("--out", o.out, "The model file")->required();
  app.add_option("--checkpoint", o.checkpoint, "File for checkpoints of the training")->required();
  app.add_option("--network", o.network)->check(CLI::IsMember({"original", "light96", "light128"}));
  app.add_option("--hours", o.hours)->check(CLI::Range(.001, 10000.));
  app.add_option("--iterations", o.iterations)->check(CLI::Range(1, 100000000));
  app.add_option("--batch", o.batch)->check(CLI::Range(1, 1024));
  app.add_option("--seed", o.seed);
  const CLI::Option* precision =
      app.add_option("--precision", o.precision)->check(CLI::IsMember({"bf16", "f32"}));
  app.add_option("--threads", o.threads)->check(CLI::Range(1, 1024));
  app.add_option("--preview", o.preview);
  app.add_option("--passphrase-file", o.passphrase_file);
  app.add_option("--target-name", o.target_name);
  app.add_option("--target-status", o.target_status);
  app.add_flag("--resume", o.resume);
  app.add_flag("--keep-both", o.keep_both);
  app.add_flag("--quiet", o.quiet);
  try {
    app.parse(argc, argv);
    if ((o.hours > 0) == (o.iterations > 0))
      throw CLI::ValidationError("Give either --hours or --iterations.");
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  o.precision_given = precision->count() > 0;
  return std::nullopt;
}

} // namespace deid::training
