#include "pipelines/deid/evaluate/report/audit.hpp"
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace deid::evaluate {

namespace {

using nlohmann::json;

/// The text in the first brackets.
std::string note_in(const std::string& done) {
  const auto open = done.find('('), close = done.find(')');
  return open == std::string::npos || close == std::string::npos || close < open
             ? ""
             : done.substr(open + 1, close - open - 1);
}

void add_face(Audit& audit, const std::string& done) {
  ++audit.faces;
  const std::string note = note_in(done);
  if (done.starts_with("swap ")) {
    const bool fading = note.find('%') != std::string::npos;
    ++(fading ? audit.fading : audit.swapped);
    ++audit.targets[done.substr(5, done.find_first_of("(,") == std::string::npos
                                       ? std::string::npos
                                       : done.find_first_of("(,") - 5 -
                                             (done[done.find_first_of("(,")] == '(' ? 1 : 0))];
    return;
  }
  const bool solid = done.starts_with("fill");
  ++(solid ? audit.covered : audit.blurred);
  if (!note.empty())
    ++audit.reasons[note];
}

void add_line(Audit& audit, const json& line) {
  if (line.contains("audit")) {
    if (!audit.element.empty())
      return; // settings that change later stand in the file
    audit.element = line.value("element", "");
    audit.version = line.value("version", "");
    audit.detector = line.value("detector", "");
    audit.settings = line.contains("settings") ? line["settings"].dump() : "";
    return;
  }
  if (!line.contains("pts"))
    return; // the summary
  ++audit.frames;
  const json& faces = line.at("faces");
  audit.frames_with_faces += faces.empty() ? 0 : 1;
  for (const json& face : faces)
    add_face(audit, face.value("done", ""));
  if (line.contains("doubt")) {
    ++audit.doubts[line["doubt"].get<std::string>()];
    ++(line.value("done", "") == "drop" ? audit.dropped_frames : audit.whole_frames);
  }
}

void add_counts(std::map<std::string, std::size_t>& to, const std::map<std::string, std::size_t>& more) {
  for (const auto& [name, n] : more)
    to[name] += n;
}

} // namespace

void Audit::add(const Audit& other) {
  if (element.empty()) {
    element = other.element;
    version = other.version;
    settings = other.settings;
    detector = other.detector;
  }
  frames += other.frames;
  frames_with_faces += other.frames_with_faces;
  faces += other.faces;
  swapped += other.swapped;
  fading += other.fading;
  blurred += other.blurred;
  covered += other.covered;
  whole_frames += other.whole_frames;
  dropped_frames += other.dropped_frames;
  add_counts(reasons, other.reasons);
  add_counts(doubts, other.doubts);
  add_counts(targets, other.targets);
}

Audit parse_audit(std::string_view text, const std::string& name) {
  Audit audit;
  std::size_t number = 0;
  if (text.empty() || text.back() != '\n')
    throw std::runtime_error(name + " is not whole: its last line does not end.");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    ++number;
    try {
      add_line(audit, json::parse(text.substr(0, end)));
    } catch (const std::exception& e) { // the parser's message lacks the place
      throw std::runtime_error(name + ", line " + std::to_string(number) + ": " + e.what() + ".");
    }
    text.remove_prefix(end + 1);
  }
  return audit;
}

Audit read_audit(const std::filesystem::path& file) {
  std::ostringstream text;
  const std::ifstream in(file, std::ios::binary);
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error(file.string() + " cannot be read.");
  return parse_audit(text.str(), file.filename().string());
}

} // namespace deid::evaluate
