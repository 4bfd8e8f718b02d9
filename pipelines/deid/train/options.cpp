#include "pipelines/deid/train/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* train_help = R"(
Trains a network for one pair of people: it redraws the subject's face as the target's. Training takes hours. With light96
on two cores a face appears after minutes, but its expression takes much longer (see --preview). original takes days.
Both people must have agreed in writing. The folder MODEL.work holds faces of both people, and the model can draw the
target's face: keep both as you keep the videos.

Examples:
  deid train --subject visit1.mp4 visit2.mp4 --target volunteer.mp4 --out visit.deidae --hours 1.5
  deid train --subject visit1.mp4 visit2.mp4 --target volunteer.mp4 --out visit.deidae --hours 3 --resume
  deid run visit1.mp4 -o visit1.deid.mp4 --model visit.deidae)";

} // namespace

CLI::App* add_train_options(CLI::App& app, TrainOptions& o) {
  CLI::App* train =
      app.add_subcommand("train", "Train a network that redraws one person's face as another's");
  train->add_option("--subject", o.subject, "Clips of the subject: the person to be hidden")
      ->required()
      ->type_name("CLIPS");
  train->add_option("--target", o.target, "Clips of the target: the person who lends the face")
      ->required()
      ->type_name("CLIPS");
  train->add_option("--out,-o", o.out, "The model file")->required()->type_name("FILE");
  train
      ->add_option("--network", o.network,
                   "original (64 px, as published), light96 or light128 (for two cores)")
      ->check(CLI::IsMember({"original", "light96", "light128"}))
      ->capture_default_str();
  train->add_option("--hours", o.hours, "Training time [h]")->check(CLI::Range(.001, 10000.));
  train->add_option("--iterations", o.iterations, "Training steps, instead of --hours")
      ->check(CLI::Range(1, 100000000));
  train->add_option("--batch", o.batch, "Pictures per person and step (default: 64 for original, else 16)")
      ->check(CLI::Range(1, 1024));
  train->add_option("--precision", o.precision, "bf16, or f32: slower, the same on every machine")
      ->check(CLI::IsMember({"bf16", "f32"}))
      ->capture_default_str()
      ->each([&o](const std::string&) { o.precision_given = true; });
  train->add_option("--threads", o.threads, "Threads (default: one per core)")->check(CLI::Range(1, 1024));
  train->add_option("--seed", o.seed, "Seed of the random examples");
  train->add_flag("--resume", o.resume, "Continue the training of this model");
  train->add_flag("--restart", o.restart, "Discard the training of this model and start again");
  train
      ->add_option("--preview", o.preview,
                   "Write preview pictures into this folder. THEY SHOW THE ORIGINAL FACES")
      ->type_name("FOLDER");
  train->add_flag("--keep-both", o.keep_both,
                  "Also keep the subject's decoder. ANYONE WITH THIS MODEL CAN UNDO THE DE-IDENTIFICATION");
  train
      ->add_option("--passphrase-file", o.passphrase_file,
                   "Encrypt the model with the first line of this file")
      ->check(CLI::ExistingFile);
  train->add_option("--target-name", o.target_name,
                    "Name of the target in the model (default: the clip's name)");
  train->add_option("--target-status", o.target_status, "Origin and permitted use of the target");
  train->add_flag("--consented", o.consented,
                  "The target agreed in writing to lend the face; the model file records it");
  train->add_option("--work", o.work, "Folder for extracted faces and checkpoints (default: MODEL.work)")
      ->type_name("FOLDER");
  train->add_option("--most", o.most, "Most faces per person")
      ->check(CLI::Range(24, 100000))
      ->capture_default_str();
  train
      ->add_option("--coverage", o.coverage,
                   "Share of the aligned square that is used; a smaller share shows a smaller part of the "
                   "face in more detail")
      ->check(CLI::Range(.5, 1.))
      ->capture_default_str();
  train->add_flag("--extract-only", o.extract_only, "Only extract the faces and report the selection");
  train->add_flag("--overwrite", o.overwrite, "Replace a model that exists");
  train->add_flag("--quiet,-q", o.quiet, "Only errors");
  train->footer(train_help);
  return train;
}

} // namespace deid::cli
