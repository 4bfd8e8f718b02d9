#include "pipelines/deid/evaluate/report/figures.hpp"
#include "pipelines/deid/evaluate/report/part.hpp"
#include <algorithm>
#include <array>
#include <glib/gstdio.h>
#include <map>
#include <memory>
#include <stdexcept>

namespace deid::evaluate {

namespace {

using Json = nlohmann::ordered_json;

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

/// Escapes a text for double quotes in a script.
std::string in_quotes(const std::string& text) {
  std::string safe = "\"";
  for (const char c : text)
    safe +=
        c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ' ? std::string("'") : std::string(1, c);
  return safe + "\"";
}

std::string head(const char* name, int width, int height) {
  std::string text = "set terminal svg size ";
  text.append(std::to_string(width)).append(",").append(std::to_string(height));
  text.append(" dynamic noenhanced font 'sans-serif,13' name '").append(name).append("'\n");
  text += "set border 3 lc rgb 'black'\nset tics nomirror\nset grid lc rgb '#888888' lw 0.4\n";
  return text;
}

std::string block(const std::string& name, const std::string& rows) {
  return std::string("$") + name + " << EOD\n" + rows + "EOD\n";
}

std::string number(double value, const char* pattern = "%.6g") {
  std::array<char, 32> text{};
  return g_ascii_formatd(text.data(), static_cast<int>(text.size()), pattern, value);
}

std::size_t index_of(const Json& report, const std::string& method) {
  std::size_t index = 0;
  for (const Json& one : report["methods"]) {
    if (one == method)
      break;
    ++index;
  }
  return index;
}

/// Joins the parts to "plot a, b".
std::string plot(const std::vector<std::string>& parts) {
  std::string text = "plot ";
  for (const std::string& part : parts)
    text += (text.size() > 5 ? ", " : "") + part;
  return text + "\n";
}

} // namespace

std::string colour(std::size_t n) {
  static const std::array<const char*, 6> all{"#0072b2", "#d55e00", "#009e73",
                                              "#cc79a7", "#e69f00", "#56b4e9"};
  return all[n % all.size()];
}

bool can_plot() {
  gchar* found = g_find_program_in_path("gnuplot");
  const bool there = found != nullptr;
  g_free(found);
  return there;
}

std::string plotted(const std::string& script) {
  gchar* file = nullptr;
  GError* error = nullptr;
  const gint fd = g_file_open_tmp("deid-XXXXXX.gp", &file, &error);
  const std::unique_ptr<gchar, decltype(&g_free)> name(file, g_free);
  if (fd < 0) {
    const std::unique_ptr<GError, decltype(&g_error_free)> why(error, g_error_free);
    throw std::runtime_error(std::string("No script for gnuplot can be written: ") + why->message);
  }
  g_close(fd, nullptr);
  gchar *out = nullptr, *said = nullptr;
  gint status = -1;
  const bool written =
      g_file_set_contents(name.get(), script.c_str(), static_cast<gssize>(script.size()), nullptr);
  std::array<gchar*, 3> argv{const_cast<gchar*>("gnuplot"), name.get(), nullptr};
  const bool ran = written && g_spawn_sync(nullptr, argv.data(), nullptr, G_SPAWN_SEARCH_PATH, nullptr,
                                           nullptr, &out, &said, &status, nullptr);
  const std::unique_ptr<gchar, decltype(&g_free)> owned(out, g_free), words(said, g_free);
  g_remove(name.get());
  if (!ran || !g_spawn_check_wait_status(status, nullptr))
    throw std::runtime_error(std::string("gnuplot failed: ") + (said ? said : "it could not be started"));
  std::string svg = out;
  const std::size_t start = svg.find("<svg");
  if (start == std::string::npos)
    throw std::runtime_error("gnuplot drew nothing");
  svg.erase(0, start);
  for (const char* black :
       {"color=\"black\"", "fill=\"black\"", "stroke=\"black\"", "fill='black'", "stroke='black'"}) {
    std::string plain(black);
    replace_all(plain, "black", "currentColor");
    replace_all(svg, black, plain);
  }
  replace_all(svg, "rgb(0,0,0)", "currentColor");
  replace_all(svg, "rgb(  0,   0,   0)", "currentColor");
  return svg;
}

std::optional<std::string> tsne_figure(const Json& report) {
  const Json& points = report["tsne"]["points"];
  if (points.empty())
    return std::nullopt;
  std::map<std::string, std::string> rows;
  std::map<std::string, std::array<double, 3>> middles; // of a person's originals
  std::vector<std::string> order{"original"};
  for (const Json& method : report["methods"])
    order.push_back(method);
  for (const Json& p : points) {
    const double x = p["x"], y = p["y"];
    rows[p["kind"]] += number(x) + " " + number(y) + "\n";
    if (p["kind"] == "original") {
      auto& middle = middles[p["person"]];
      middle[0] += x;
      middle[1] += y;
      ++middle[2];
    }
  }
  std::string script = head("tsne", 480, 440) +
                       "unset grid\nset border 0\nunset tics\nset offsets graph 0.1, graph 0.1, "
                       "graph 0.1, graph 0.05\nset key outside bottom center horizontal\n";
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (!rows.contains(order[k]))
      continue;
    const std::string name = std::string("k") + std::to_string(k);
    script += block(name, rows[order[k]]);
    parts.push_back(std::string("$") + name + " with points pt " + (k == 0 ? "7" : "6") + " ps 0.5 lc rgb '" +
                    (k == 0 ? "#888888" : colour(k - 1)) + "' title " + in_quotes(order[k]));
  }
  std::string labels;
  for (const auto& [person, middle] : middles)
    labels +=
        number(middle[0] / middle[2]) + " " + number(middle[1] / middle[2]) + " " + in_quotes(person) + "\n";
  if (!labels.empty()) {
    script += block("labels", labels);
    parts.push_back("$labels using 1:2:3 with labels offset 0,1 tc rgb 'black' notitle");
  }
  return plotted(script + plot(parts));
}

std::optional<std::string> roc_figure(const Json& report) {
  std::string script = head("roc", 480, 400);
  script += "set xrange [0:1]\nset yrange [0:1]\nset key bottom right\nset xlabel \"original and "
            "de-identified taken for one person\"\n"
            "set ylabel \"two originals taken for one person\"\n";
  std::vector<std::string> parts;
  for (const auto& [method, section] : part(report, "roc").items()) {
    if (section["curve"].empty())
      continue;
    std::string rows;
    for (const Json& point : section["curve"])
      rows += number(point[0]) + " " + number(point[1]) + "\n";
    const std::size_t k = index_of(report, method);
    const std::string name = std::string("m") + std::to_string(k);
    script += block(name, rows);
    parts.push_back(std::string("$") + name + " with steps lw 2 lc rgb '" + colour(k) + "' title " +
                    in_quotes(method + ", AUC " + number(section["auc"].get<double>(), "%.5f")));
  }
  if (parts.empty())
    return std::nullopt;
  parts.emplace_back("x with lines dt 2 lc rgb '#888888' title \"chance\"");
  return plotted(script + plot(parts));
}

std::optional<std::string> similarity_figure(const Json& report) {
  std::string script = head("oks", 480, 400);
  script += "set xrange [0.5:1]\nset yrange [0:1]\nset key bottom left\nset xlabel \"OKS t\"\nset ylabel "
            "\"share of people with OKS of at least t\"\n"
            "set arrow from 0.85,0 to 0.85,1 nohead dt 3 lc rgb '#888888'\nset arrow from 0.95,0 to 0.95,1 "
            "nohead dt 3 lc rgb '#888888'\n";
  std::vector<std::string> parts;
  for (const auto& [method, section] : part(report, "table2").items()) {
    const Json& similarity = section["similarity"];
    if (!similarity.contains("histogram") || similarity["n"] == 0)
      continue;
    std::string rows;
    double left = similarity["n"];
    const double all = left;
    for (std::size_t bin = 0; bin < similarity["histogram"].size(); ++bin) {
      rows += number(static_cast<double>(bin) / 100) + " " + number(left / all) + "\n";
      left -= similarity["histogram"][bin].get<double>();
    }
    rows += "1 " + number(left / all) + "\n";
    const std::size_t k = index_of(report, method);
    const std::string name = std::string("m") + std::to_string(k);
    script += block(name, rows);
    parts.push_back(std::string("$") + name + " with lines lw 2 lc rgb '" + colour(k) + "' title " +
                    in_quotes(method));
  }
  if (parts.empty())
    return std::nullopt;
  return plotted(script + plot(parts));
}

std::optional<std::string> points_figure(const Json& report, const std::string& method) {
  const Json& points = report["table2"][method]["keypoints"];
  std::string rows, tics;
  std::size_t at = 0;
  for (const auto& [name, d] : points.items()) {
    ++at;
    std::string spoken = name;
    std::ranges::replace(spoken, '_', ' ');
    tics += (tics.empty() ? "" : ", ") + in_quotes(spoken) + " " + std::to_string(at);
    if (d["n"] != 0)
      rows += std::to_string(at) + " " + number(d["p25"]) + " " + number(d["p5"]) + " " + number(d["p75"]) +
              " " + number(d["p75"]) + " " + number(d["median"]) + "\n";
  }
  if (rows.empty())
    return std::nullopt;
  const std::string ink = colour(index_of(report, method));
  std::string script = head(("points_" + method).c_str(), 480, 290) + block("d", rows);
  script += "set xrange [0.3:" + std::to_string(at) +
            ".7]\nset yrange [0:1.02]\nset ylabel \"similarity\"\nunset key\nset bmargin 7\nset rmargin "
            "4\nset xtics rotate by -60 (" +
            tics + ")\nset boxwidth 0.6\nset style fill solid 0.35 border lc rgb '" + ink + "'\n" +
            "set arrow from 0.3,0.95 to " + std::to_string(at) + ".7,0.95 nohead dt 3 lc rgb '#888888'\n";
  return plotted(script + plot({"$d using 1:2:3:4:5 with candlesticks lc rgb '" + ink + "'",
                                "$d using 1:6:6:6:6 with candlesticks lw 2 lc rgb '" + ink + "'"}));
}

} // namespace deid::evaluate
