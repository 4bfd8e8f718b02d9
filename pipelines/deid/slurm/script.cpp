#include "pipelines/deid/slurm/script.hpp"

namespace deid::cli {
namespace {

constexpr const char* end_mark = "END_OF_DEID_JOB";

/// A word of the shell.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word)
    text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

std::string directive(const std::string& option) {
  return "#SBATCH " + option + "\n";
}

/// A value that sbatch's comment lines read as one word.
std::string value(const std::string& text) {
  return text.find_first_of(" \t'\"\\") == std::string::npos ? text : "\"" + text + "\"";
}

/// What both jobs have.
std::string head(const SlurmOptions& o, const Job& job, const std::string& name) {
  std::string text = "#!/bin/sh\n" + directive("--job-name=" + value(name));
  if (!o.account.empty())
    text += directive("--account=" + value(o.account));
  if (!o.partition.empty())
    text += directive("--partition=" + value(o.partition));
  text += directive("--chdir=" + value(job.folder.string()));
  text += directive("--requeue") + directive("--open-mode=append");
  for (const std::string& one : o.more)
    text += directive(one);
  return text;
}

std::string output(const SlurmOptions& o, const std::string& pattern) {
  return o.logs.empty() ? "" : directive("--output=" + value((o.logs / pattern).string()));
}

std::string array_job(const SlurmOptions& o, const Job& job) {
  std::string text = head(o, job, o.job_name) + directive("--array=1-" + std::to_string(job.shards)) +
                     directive("--time=" + o.time) + directive("--ntasks=1") +
                     directive("--cpus-per-task=" + std::to_string(o.cpus)) +
                     directive("--mem=" + job.memory) + output(o, "%x-%A_%a.log");
  text +=
      "# exec: Slurm's signals reach deid itself. A task that is started again continues its part.\nexec " +
      quoted(job.program.string()) + " run";
  for (const std::string& word : o.words)
    text += " " + quoted(word);
  if (!o.run.quiet)
    text += " --quiet";
  return text + " --shard \"$SLURM_ARRAY_TASK_ID/" + std::to_string(job.shards) + "\" --shard-plan " +
         quoted(job.plan.string()) + "\n";
}

std::string summary_job(const SlurmOptions& o, const Job& job) {
  return head(o, job, o.job_name + "-summary") + directive("--time=60") + directive("--ntasks=1") +
         directive("--mem=500M") + output(o, "%x-%j.log") + "exec " + quoted(job.program.string()) +
         " status " + quoted(o.run.output.string()) + " --overwrite --report " +
         quoted((o.run.output / ".deid" / "report.json").string()) + "\n";
}

/// otherwise: what the shell does when sbatch refuses the job.
std::string call(const std::string& variable, const std::string& options, const std::string& job,
                 const std::string& otherwise) {
  return variable + "=$(sbatch --parsable" + options + " <<'" + end_mark + "'\n" + job + end_mark +
         "\n) || " + otherwise + "\n" + variable + "=${" + variable + "%%;*}\n";
}

} // namespace

std::string script_of(const SlurmOptions& o, const Job& job) {
  return "#!/bin/sh\n# Submits a batch of deid: an array job, and a job that waits for it and reports.\nset "
         "-e\n" +
         call("array", "", array_job(o, job), "exit") + "# Both jobs or none.\n" +
         call("summary", " --dependency=afterany:\"$array\"", summary_job(o, job),
              "{ scancel \"$array\"; exit 1; }") +
         "echo \"array $array\"\necho \"summary $summary\"\n";
}

} // namespace deid::cli
