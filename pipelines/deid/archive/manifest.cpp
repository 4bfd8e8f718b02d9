#include "pipelines/deid/archive/manifest.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <fstream>
#define CSV_IO_NO_THREAD // a manifest is small
#include <libfccp/csv.h>

namespace deid::archive {
namespace fs = std::filesystem;
namespace {

using Reader = io::CSVReader<5, io::trim_chars<' ', '\t'>, io::double_quote_escape<',', '"'>,
                             io::throw_on_overflow, io::single_and_empty_line_comment<'#'>>;

[[noreturn]] void refuse(const fs::path& file, unsigned line, const std::string& why) {
  throw cli::Failure(file.string() + ", line " + std::to_string(line) + ": " + why, cli::exit_usage);
}

/// Whether a path stays below the folder that it is joined with, and out of its hidden records.
bool stays_below(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return !normal.empty() && !normal.is_absolute() && normal.has_filename() && *normal.begin() != ".." &&
         *normal.begin() != "." && *normal.begin() != ".deid";
}

Row checked(Row row, const fs::path& file) {
  if (row.input.empty())
    refuse(file, row.line, "the input is empty.");
  if (row.output.empty())
    row.output = row.input.filename();
  if (!stays_below(row.output))
    refuse(file, row.line,
           "the output '" + row.output.string() + "' must be a path below the folder that -o names.");
  row.output = row.output.lexically_normal();
  if (row.input.is_relative() && file.has_parent_path())
    row.input = file.parent_path() / row.input;
  return row;
}

} // namespace

std::vector<Row> read_manifest(const fs::path& file) {
  std::ifstream in(file);
  if (!in)
    throw cli::Failure("The manifest " + file.string() + " cannot be opened.", cli::exit_usage);
  std::vector<Row> rows;
  try {
    Reader reader(file.string(), in);
    reader.read_header(io::ignore_missing_column, "input", "output", "method", "options", "subject");
    if (!reader.has_column("input") || !reader.has_column("output"))
      throw cli::Failure("The manifest " + file.string() + " needs the columns input and output.",
                         cli::exit_usage);
    std::string input, output;
    for (Row row; reader.read_row(input, output, row.method, row.options, row.subject); row = {}) {
      row.line = reader.get_file_line();
      row.input = input;
      row.output = output;
      rows.push_back(checked(row, file));
    }
  } catch (const io::error::base& e) {
    throw cli::Failure(std::string("The manifest is no table that can be read. ") + e.what() +
                           " The columns are input, output, method, options and subject.",
                       cli::exit_usage);
  }
  if (rows.empty())
    throw cli::Failure("The manifest " + file.string() + " has no row.", cli::exit_usage);
  return rows;
}

} // namespace deid::archive
