#include "models/training/face_set.hpp"
#include "models/training/durable_file.hpp"
#include <cmath>
#include <nlohmann/json.hpp>

namespace deid::training {

using nlohmann::json;

namespace {

constexpr const char* magic = "DEIDFS01";
constexpr std::uint32_t longest_header = 16U << 20U; // bytes

void require_shape(const Face& face) {
  if (face.crop.rows != stored_size || face.crop.cols != stored_size || face.crop.type() != CV_8UC3 ||
      face.points.size() != point_count)
    throw std::invalid_argument("A face of a training set has a crop of " + std::to_string(stored_size) +
                                " px and 468 points.");
}

json header_of(const FaceSet& set) {
  json clips = json::array();
  for (const Clip& clip : set.clips)
    clips.push_back({{"name", clip.name}, {"bytes", clip.bytes}, {"modified", clip.modified}});
  return {{"format", "deid-faces-1"},   {"clips", clips},
          {"coverage", set.coverage},   {"faces", set.faces.size()},
          {"stored_size", stored_size}, {"points", point_count},
          {"mean", set.mean},           {"report", set.report}};
}

void write_face(DurableWriter& out, const Face& face) {
  require_shape(face);
  out.put(face.pts);
  out.put(face.clip);
  out.put(face.track);
  out.put(static_cast<std::uint32_t>(face.held_out));
  out.put(face.pose);
  out.put(face.sharpness);
  out.put(face.descriptor);
  out.write(std::as_bytes(std::span(face.points)));
  for (int y = 0; y < face.crop.rows; ++y)
    out.write(std::as_bytes(std::span(face.crop.ptr(y), static_cast<std::size_t>(stored_size) * 3)));
}

Face read_face(CheckedReader& in, std::size_t clips) {
  Face face;
  face.pts = in.get<std::int64_t>();
  face.clip = in.get<std::uint32_t>();
  face.track = in.get<std::uint32_t>();
  face.held_out = in.get<std::uint32_t>() != 0;
  face.pose = in.get<std::array<float, 3>>();
  face.sharpness = in.get<float>();
  face.descriptor = in.get<Descriptor>();
  face.points.resize(point_count);
  in.read(std::as_writable_bytes(std::span(face.points)));
  face.crop.create(stored_size, stored_size, CV_8UC3);
  in.read(std::as_writable_bytes(std::span(face.crop.data, face.crop.total() * 3)));
  if (face.clip >= clips)
    in.damaged("a face is of no clip");
  for (const cv::Point2f& point : face.points)
    if (!(std::abs(point.x) < 1e5F && std::abs(point.y) < 1e5F)) // NaN fails, too
      in.damaged("a landmark is no number");
  return face;
}

std::size_t read_header(CheckedReader& in, FaceSet& set) {
  if (in.text(8) != magic)
    in.damaged("it is no set of faces of this version");
  const auto length = in.get<std::uint32_t>();
  if (length > longest_header)
    in.damaged("its header is too long");
  const std::string text = in.text(length);
  try {
    const json header = json::parse(text);
    if (header.at("stored_size").get<int>() != stored_size ||
        header.at("points").get<std::size_t>() != point_count)
      in.damaged("its faces are of another size");
    for (const json& clip : header.at("clips"))
      set.clips.push_back({clip.at("name").get<std::string>(), clip.at("bytes").get<std::uint64_t>(),
                           clip.at("modified").get<std::int64_t>()});
    set.coverage = header.at("coverage").get<double>();
    set.mean = header.at("mean").get<Descriptor>();
    set.report = header.at("report").get<std::string>();
    return header.at("faces").get<std::size_t>();
  } catch (const json::exception& e) {
    in.damaged(std::string("its header cannot be read: ") + e.what());
  }
}

} // namespace

void write_faces(const std::filesystem::path& file, const FaceSet& set) {
  DurableWriter out(file);
  const std::string header = header_of(set).dump();
  out.write(std::string(magic));
  out.put(static_cast<std::uint32_t>(header.size()));
  out.write(header);
  for (const Face& face : set.faces)
    write_face(out, face);
  out.commit();
}

FaceSet read_faces(const std::filesystem::path& file) {
  CheckedReader in(file);
  FaceSet set;
  const std::size_t count = read_header(in, set);
  constexpr std::size_t face_bytes = 8 + 3 * 4 + 3 * 4 + 4 + 128 * 4 + point_count * 8 +
                                     static_cast<std::size_t>(stored_size) * stored_size * 3;
  if (in.left() / face_bytes != count || in.left() % face_bytes != 0) // before memory is allocated
    in.damaged("it does not hold as many faces as its header states");
  set.faces.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    set.faces.push_back(read_face(in, set.clips.size()));
  in.finish();
  return set;
}

} // namespace deid::training
