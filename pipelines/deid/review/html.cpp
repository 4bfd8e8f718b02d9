#include "pipelines/deid/review/record.hpp"
#include <cmath>

namespace deid::review {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  return out;
}

std::string row(const std::string& name, const std::string& text) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th><td>" + escaped(text) + "</td></tr>\n";
}

/// The name of the original may be a patient's: the record does not have it.
std::string file_row(const char* name, const Json& file) {
  return (file.contains("name") ? row(name, file.value("name", "")) : "") +
         row(std::string(name) + ", SHA-256", file.value("sha256", ""));
}

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string signature_of(const Json& signature, std::size_t number) {
  double seconds = 0;
  std::size_t seen = 0;
  std::string left;
  for (const Json& moment : signature.at("looked_at")) {
    seconds += moment.value("seconds", 0.);
    if (!moment.contains("left")) {
      ++seen;
      continue;
    }
    left +=
        "<li>" + escaped(moment.value("moment", "")) + ": " + escaped(moment.value("left", "")) + "</li>\n";
  }
  std::string text = "<h2>" + std::string(number == 0 ? "First" : "Second") + " reader</h2>\n<table>\n" +
                     row("Name", signature.value("name", "")) + row("Role", signature.value("role", "")) +
                     row("Date", signature.value("at", "")) + row("Moments looked at", std::to_string(seen)) +
                     row("Time", time_text(seconds)) + "</table>\n";
  if (!left.empty())
    text += "<p>Moments that were left:</p>\n<ul>\n" + left + "</ul>\n";
  return text;
}

std::string correction_text(const Json& one) {
  std::string text = one.value("kind", "");
  for (const char* key : {"person", "first", "last", "treatment", "method", "not_as", "why"})
    if (one.contains(key) && !one[key].is_null() &&
        !(one[key].is_string() && one[key].get<std::string>().empty()))
      text += std::string(", ") + key + " " +
              (one[key].is_string() ? one[key].get<std::string>() : one[key].dump());
  return text;
}

constexpr const char* style =
    "body{font:15px/1.4 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 "
    "1rem;color:#111;background:#fff}"
    "th{text-align:left;padding-right:1rem;vertical-align:top}td{overflow-wrap:anywhere}"
    "@media print{body{margin:0}}";

} // namespace

std::string page_of(const Json& record) {
  std::string page = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                     "'unsafe-inline'\">"
                     "<title>Review record</title><style>" +
                     std::string(style) +
                     "</style></head>\n<body>\n<h1>Review of a de-identified video</h1>\n<table>\n";
  page += file_row("Result", record.at("result")) + file_row("Original", record.at("original"));
  page += row("Frames", record.at("frames").dump());
  page += row("Software",
              record.at("software").value("name", "") + " " + record.at("software").value("version", ""));
  page += "</table>\n";
  for (std::size_t i = 0; i < record.at("signatures").size(); ++i)
    page += signature_of(record["signatures"][i], i);
  page += "<h2>Corrections</h2>\n";
  std::string list;
  for (const Json& one : record.at("corrections"))
    list += "<li>" + escaped(correction_text(one)) + "</li>\n";
  page += list.empty() ? "<p>None.</p>\n" : "<ul>\n" + list + "</ul>\n";
  std::string kept;
  for (const Json& one : record.at("kept_visible"))
    kept += "<li>Person " + one.at("person").dump() + ": " + escaped(one.value("why", "")) + "</li>\n";
  if (!kept.empty())
    page += "<h2>People who stay visible</h2>\n<ul>\n" + kept + "</ul>\n";
  return page + "</body>\n</html>\n";
}

} // namespace deid::review
