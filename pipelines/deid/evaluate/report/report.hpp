#pragma once
#include "pipelines/deid/evaluate/report/unit.hpp"
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace deid::evaluate {

/// The data that a report is made from.
struct Evaluation {
  Folder folder;
  std::vector<std::string> videos{};  ///< all videos of the evaluation
  std::vector<std::string> methods{}; ///< in the order of the tables; re-encoding is last
  struct Unit {
    std::string video{}, method{};
    fs::path file{};
  };
  std::vector<Unit> units{}; ///< done
  struct Trouble {
    std::string video{}, method{}, why{};
  };
  std::vector<Trouble> trouble{};
  std::string people{};  ///< file of clip,person; "folder"; "cluster" or empty
  std::string version{}; ///< of deid, models and targets
  bool include_originals = false;
};

struct Reports {
  nlohmann::ordered_json json{};            ///< report.json
  std::map<std::string, std::string> csv{}; ///< file name: content
  std::string html{};                       ///< report.html
  std::size_t trouble = 0;                  ///< units whose raw data cannot be read any more
};

/// Makes all reports. Equal units give equal reports, except for times. Throws std::runtime_error when the
/// list of people cannot be read.
Reports report(const Evaluation& evaluation);

/// Writes report.html, report.json and the tables, each whole or not at all. Throws std::runtime_error.
void write(const Evaluation& evaluation, const Reports& reports);

} // namespace deid::evaluate
