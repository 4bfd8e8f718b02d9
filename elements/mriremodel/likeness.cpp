#include "elements/mriremodel/likeness.hpp"
#include "elements/volume/grid/smooth.hpp"
#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/image/affine.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

namespace deid::mriremodel {

namespace {

constexpr std::array yaws{-20.0, 0.0, 20.0}; ///< [degrees]
constexpr int width = 224, height = 256;     ///< [px] of a picture
constexpr double reach = 105;                ///< [mm] around the face that is in a picture
constexpr volume::Point face{0, 40, -45};    ///< the middle of a picture, in the template's world
constexpr float least_score = 0.4F;          ///< a picture of a surface is no photograph
constexpr float least_presence = 0.3F;

class Networks final : public Recogniser {
public:
  std::optional<models::Descriptor> describe(const volumerender::Picture& picture) override {
    const cv::Mat grey(picture.height, picture.width, CV_8UC1,
                       const_cast<std::uint8_t*>(picture.grey.data()));
    cv::Mat rgb;
    cv::cvtColor(grey, rgb, cv::COLOR_GRAY2RGB);
    const auto faces = detector_.detect(rgb, least_score);
    if (faces.empty())
      return std::nullopt;
    const models::RotatedRoi roi = models::mesh_roi(faces.front());
    const cv::Size size(models::FaceMesh::crop_size, models::FaceMesh::crop_size);
    const cv::Matx23f to_frame = models::crop_to_frame(roi, size);
    const cv::Mat crop = models::crop_image(rgb, to_frame, size);
    const models::FaceMeshResult mesh = mesh_.estimate(crop, to_frame);
    if (mesh.presence < least_presence)
      return std::nullopt;
    const auto points = models::chip_points(mesh);
    try {
      return descriptor_.describe(models::face_chip(rgb, points));
    } catch (const std::invalid_argument&) { // the points are no face
      return std::nullopt;
    }
  }

private:
  models::BlazeFace detector_{
      models::locate("face_detection_short_range"), models::BlazeFace::Range::short_range, {}};
  models::FaceMesh mesh_{models::locate("face_landmark"), {}};
  models::FaceDescriptor descriptor_{models::locate("face_descriptor")};
};

} // namespace

std::unique_ptr<Recogniser> new_recogniser() {
  return std::make_unique<Networks>();
}

Look look_at(const volume::Field& skin, const Subject& around, Recogniser& recogniser) {
  volume::Field solid = skin;
  for (float& value : solid.values)
    value = -value;
  volumerender::RenderSettings settings;
  settings.width = width;
  settings.height = height;
  volumerender::Renderer renderer(std::move(solid), 0, settings);
  renderer.aim(volume::moved(around.found.map, face), reach);
  std::array<volumerender::Picture, yaws.size()> pictures;
  volume::in_halves(static_cast<int>(yaws.size()), [&](int first, int last) {
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i)
      pictures.at(i) = renderer.render({yaws.at(i), 0});
  });
  Look look;
  for (const auto& picture : pictures)
    look.push_back(recogniser.describe(picture));
  return look;
}

std::optional<double> distance(const Look& a, const Look& b) {
  double sum = 0, count = 0;
  for (std::size_t view = 0; view < std::min(a.size(), b.size()); ++view)
    if (a[view] && b[view]) {
      sum += models::distance(*a[view], *b[view]);
      count += 1;
    }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

bool found_first(const Look& result, const Look& own, const std::vector<Look>& strangers) {
  for (std::size_t view = 0; view < result.size(); ++view) {
    if (!result[view] || !own[view])
      continue;
    const double to_own = models::distance(*result[view], *own[view]);
    bool first = true;
    for (const Look& stranger : strangers)
      if (stranger[view] && models::distance(*result[view], *stranger[view]) <= to_own)
        first = false;
    if (first)
      return true;
  }
  return false;
}

} // namespace deid::mriremodel
