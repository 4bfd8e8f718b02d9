#include "pipelines/deid/scan/page.hpp"
#include "elements/base/gst_ptr.hpp"
#include "elements/volume/picture/renderer.hpp"
#include "pipelines/deid/picture/picture.hpp"
#include <algorithm>
#include <glib.h>
#include <vector>

namespace deid::cli {
namespace {

constexpr int views = 13;                        ///< of a turntable
constexpr double first_yaw = -90, last_yaw = 90; ///< [degrees]
constexpr int side = 320;                        ///< [px] of a slice's longer side

std::string picture_of(int width, int height, const std::vector<std::uint8_t>& grey) {
  Picture picture;
  picture.format = PictureFormat::png;
  picture.pixels = cv::Mat(height, width, CV_8UC1, const_cast<std::uint8_t*>(grey.data())).clone();
  const Bytes bytes = encode(picture, {});
  return "data:image/png;base64," +
         take_string(g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size()));
}

std::string turntable(const volume::Sampler& scan, const std::string& name) {
  volumerender::RenderSettings settings;
  settings.width = 300;
  settings.height = 330;
  const volumerender::Renderer renderer(scan, settings);
  std::string html = "<div class=turn id=" + name + ">";
  for (int view = 0; view < views; ++view) {
    const auto picture = renderer.render({first_yaw + (last_yaw - first_yaw) * view / (views - 1), 0});
    html += "<img src=\"" + picture_of(picture.width, picture.height, picture.grey) + "\">";
  }
  return html + "</div>";
}

/// A slice across one axis of the body [0: from the side, 1: from the front, 2: from above].
std::string slice(const volume::Field& field, std::size_t axis, double share, float bright) {
  const std::size_t across = axis == 0 ? 1 : 0, up = axis == 2 ? 1 : 2;
  std::array<int, 3> at{};
  at[axis] = static_cast<int>(share * (field.size[axis] - 1));
  std::vector<std::uint8_t> grey;
  for (int row = field.size[up] - 1; row >= 0; --row)
    for (int column = 0; column < field.size[across]; ++column) {
      at[up] = row;
      at[across] = axis == 0 ? column : field.size[across] - 1 - column; // the person's right on the left
      const float value = field.values[field.index(at[0], at[1], at[2])];
      grey.push_back(static_cast<std::uint8_t>(std::clamp(255 * value / bright, 0.F, 255.F)));
    }
  return "<img class=slice height=" + std::to_string(side) + " src=\"" +
         picture_of(field.size[across], field.size[up], grey) + "\">";
}

std::string slices(const volume::Sampler& scan) {
  constexpr double fine = 1.0;
  volume::Field field = volume::resampled(scan, fine);
  std::vector<float> sorted = field.values;
  const auto high = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 995 / 1000);
  std::ranges::nth_element(sorted, high);
  const float least = *std::ranges::min_element(field.values), bright = std::max(*high - least, 1e-6F);
  for (float& value : field.values)
    value -= least;
  std::string html = "<div>";
  for (const double share : {0.5, 0.65})
    html += slice(field, 0, share, bright);
  html += slice(field, 1, 0.72, bright);
  for (const double share : {0.3, 0.42})
    html += slice(field, 2, share, bright);
  return html + "</div>";
}

std::string part(const volume::Volume& scan, const std::string& title, const std::string& name) {
  const volume::Sampler sampler(scan.about, scan.voxels);
  return "<h2>" + title + "</h2>" + turntable(sampler, name) + slices(sampler);
}

} // namespace

std::string page_of(const nlohmann::ordered_json& figures, const volume::Volume& after,
                    const volume::Volume* before) {
  std::string html =
      "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>A scan after de-identification</title>"
      "<style>body{font-family:sans-serif;background:#111;color:#ddd}.turn img{display:none}"
      ".turn img.on{display:block}.slice{margin:2px}pre{color:#aaa}</style>"
      "<h1>A scan after de-identification</h1>";
  if (before != nullptr)
    html += "<p><b>This page shows the person's own head. Never pass it on.</b></p>";
  html += "<input type=range min=0 max=" + std::to_string(views - 1) + " value=" + std::to_string(views / 2) +
          " style=\"width:600px\" oninput=\"turn(this.value)\">";
  if (before != nullptr)
    html += part(*before, "Original", "before");
  html += part(after, "Result", "after");
  html += "<h2>Figures</h2><pre>" + figures.dump(2) + "</pre>";
  html +=
      "<script>function turn(n){document.querySelectorAll('.turn').forEach(t=>[...t.children].forEach((i,k)=>"
      "i.className=k==n?'on':''))}turn(" +
      std::to_string(views / 2) + ")</script></html>\n";
  return html;
}

} // namespace deid::cli
