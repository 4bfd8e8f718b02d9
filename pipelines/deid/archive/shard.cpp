#include "pipelines/deid/archive/shard.hpp"
#include "pipelines/deid/archive/print.hpp"
#include "pipelines/deid/failure.hpp"
#include <charconv>
#include <fstream>

namespace deid::archive {
namespace {

bool read_number(const std::string& text, std::uint32_t& number) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return !text.empty() && read.ec == std::errc{} && read.ptr == end;
}

} // namespace

Shard shard_in(const std::string& text) {
  const auto slash = text.find('/');
  Shard shard;
  if (slash == std::string::npos || !read_number(text.substr(0, slash), shard.index) ||
      !read_number(text.substr(slash + 1), shard.of) || shard.index < 1 || shard.index > shard.of)
    throw cli::Failure("--shard needs I/N with I from 1 to N, such as 2/8, not '" + text + "'.",
                       cli::exit_usage);
  return shard;
}

std::string to_text(const Plan& plan) {
  std::string text = "shard,record\n";
  for (const auto& [record, shard] : plan)
    text.append(std::to_string(shard)).append(",").append(record).append("\n");
  return text;
}

Plan read_plan(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line != "shard,record")
    throw cli::Failure(file.string() + " is no plan of shards.");
  Plan plan;
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    std::uint32_t shard = 0;
    if (comma == std::string::npos || !read_number(line.substr(0, comma), shard) || shard < 1)
      throw cli::Failure(file.string() + " is no plan of shards: '" + line + "'.");
    plan[line.substr(comma + 1)] = shard;
  }
  return plan;
}

std::uint32_t shard_of(const std::filesystem::path& input, std::uint32_t of) {
  return static_cast<std::uint32_t>(number_of(input) % of) + 1;
}

} // namespace deid::archive
