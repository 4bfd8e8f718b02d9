#include "elements/volume/dicom/dataset.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace deid::dicom {

namespace {

constexpr const char *mr = "1.2.840.10008.5.1.4.1.1.4", *ct = "1.2.840.10008.5.1.4.1.1.2"; ///< SOP classes
constexpr double turned = 1e-3;   ///< by which directions of one series differ at most
constexpr double uneven = 0.03;   ///< share of the distance of slices by which it differs at most
constexpr std::size_t fewest = 8; ///< slices of a volume

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw SeriesError(file + " cannot be used: " + why + ".");
}

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector minus(const Vector& a, const Vector& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

double length(const Vector& a) {
  return std::sqrt(dot(a, a));
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", value);
  return text.data();
}

void check_kind(const Dataset& set, const std::string& file) {
  const std::string kind = text_of(set, 0x00080016), type = text_of(set, 0x00080008);
  if (kind != mr && kind != ct)
    refuse(file, "it is no single slice of magnetic resonance or computed tomography (SOP class " +
                     (kind.empty() ? "is missing" : kind) + ")");
  if (const auto frames = numbers_of(set, 0x00280008); !frames.empty() && frames.front() != 1)
    refuse(file, "it holds several frames");
  if (type.find("LOCALIZER") != std::string::npos)
    refuse(file, "it is an overview picture (localizer), no slice of a volume");
  if (text_of(set, 0x00280301) == "YES")
    refuse(file, "its header says that text is burned into the picture");
}

void read_pixels(Slice& to, const Dataset& set) {
  const std::string colours = text_of(set, 0x00280004);
  if (short_of(set, 0x00280002).value_or(0) != 1 || colours != "MONOCHROME2")
    refuse(to.file, "its pixels are colours, or not brighter where more was received (" + colours + ")");
  const auto allocated = short_of(set, 0x00280100), stored = short_of(set, 0x00280101),
             high = short_of(set, 0x00280102), is_signed = short_of(set, 0x00280103);
  if (!allocated || !stored || !high || !is_signed || (*allocated != 8 && *allocated != 16) || *stored < 1 ||
      *stored > *allocated || *high != *stored - 1 || *is_signed > 1)
    refuse(to.file, "its pixels are stored in an unusual way");
  using volume::Format;
  to.format = *allocated == 8 ? (*is_signed == 1 ? Format::s8 : Format::u8)
                              : (*is_signed == 1 ? Format::s16 : Format::u16);
  to.bits = *stored;
  to.rows = short_of(set, 0x00280010).value_or(0);
  to.columns = short_of(set, 0x00280011).value_or(0);
  if (to.rows < 1 || to.columns < 1)
    refuse(to.file, "its picture has no size");
}

void read_place(Slice& to, const Dataset& set) {
  const auto at = numbers_of(set, 0x00200032), turn = numbers_of(set, 0x00200037),
             spacing = numbers_of(set, 0x00280030), between = numbers_of(set, 0x00180088);
  if (at.size() != 3 || turn.size() != 6 || spacing.size() != 2)
    refuse(to.file, "it does not say where its picture lies");
  std::copy_n(at.begin(), 3, to.at.begin());
  std::copy_n(turn.begin(), 3, to.along_row.begin());
  std::copy_n(turn.begin() + 3, 3, to.down.begin());
  to.between_rows = spacing[0];
  to.between_columns = spacing[1];
  if (between.size() == 1)
    to.between_slices = std::abs(between[0]);
  const double lengths = std::max(std::abs(length(to.along_row) - 1), std::abs(length(to.down) - 1));
  if (!(lengths < turned) || !(std::abs(dot(to.along_row, to.down)) < turned) || !(spacing[0] > 0) ||
      !(spacing[1] > 0))
    refuse(to.file, "its directions are no directions");
}

void read_scaling(Slice& to, const Dataset& set) {
  const auto slope = numbers_of(set, 0x00281053), intercept = numbers_of(set, 0x00281052);
  if (slope.size() > 1 || intercept.size() > 1 || (slope.size() == 1 && slope.front() == 0))
    refuse(to.file, "its scaling cannot be read");
  to.slope = slope.empty() ? 1 : slope.front();
  to.intercept = intercept.empty() ? 0 : intercept.front();
}

bool same_grid(const Slice& a, const Slice& b) {
  return a.format == b.format && a.bits == b.bits && a.rows == b.rows && a.columns == b.columns &&
         a.between_rows == b.between_rows && a.between_columns == b.between_columns;
}

void check_alike(const Slice& first, const Slice& other) {
  if (other.series != first.series || other.frame != first.frame || other.modality != first.modality)
    throw SeriesError("The folder holds several series; give each a folder of its own.");
  if (!same_grid(first, other))
    refuse(other.file, "its picture has another size or type than that of " + first.file);
  if (length(minus(other.along_row, first.along_row)) > turned ||
      length(minus(other.down, first.down)) > turned)
    refuse(other.file, "its picture is turned otherwise than that of " + first.file +
                           ": several stacks, or an overview picture");
  if (other.slope != first.slope || other.intercept != first.intercept)
    refuse(other.file, "its numbers are scaled otherwise than those of " + first.file);
}

/// The step from slice to slice. Throws when one is missing, doubled, or shifted sideways.
Vector step_of(const std::vector<Slice>& slices) {
  const double count = static_cast<double>(slices.size() - 1);
  Vector mean = minus(slices.back().at, slices.front().at);
  for (double& part : mean)
    part /= count;
  const double wanted = length(mean);
  for (std::size_t i = 1; i < slices.size(); ++i) {
    const Vector step = minus(slices[i].at, slices[i - 1].at);
    if (length(step) < 1e-3)
      throw SeriesError(slices[i].file + " and " + slices[i - 1].file +
                        " lie at one place: several volumes in a series (4D). Give one volume a folder.");
    if (length(minus(step, mean)) > uneven * wanted)
      throw SeriesError("Slices are missing between " + slices[i - 1].file + " and " + slices[i].file +
                        ", or their distances differ.");
  }
  const auto stated = slices.front().between_slices;
  if (stated && std::abs(*stated - wanted) > uneven * wanted)
    throw SeriesError("Slices are missing: they lie " + number(wanted) + " mm apart, but their header says " +
                      number(*stated) + " mm.");
  const double along = std::abs(dot(mean, cross(slices.front().along_row, slices.front().down)));
  if (wanted - along > uneven * wanted)
    throw SeriesError("The slices are shifted against each other (tilted gantry).");
  return mean;
}

} // namespace

Slice slice_of(const Dataset& set, const std::string& file) {
  Slice to;
  to.file = file;
  check_kind(set, file);
  to.series = text_of(set, 0x0020000e);
  to.instance = text_of(set, 0x00080018);
  to.frame = text_of(set, 0x00200052);
  to.modality = text_of(set, 0x00080060);
  if (to.series.empty() || to.instance.empty())
    refuse(file, "its series or the picture has no UID");
  read_pixels(to, set);
  read_place(to, set);
  read_scaling(to, set);
  return to;
}

void sort(std::vector<Slice>& slices) {
  if (slices.size() < fewest)
    throw SeriesError("The folder holds " + std::to_string(slices.size()) + " slices; a volume has " +
                      std::to_string(fewest) + " or more.");
  std::set<std::string> instances;
  for (const Slice& slice : slices) {
    check_alike(slices.front(), slice);
    if (!instances.insert(slice.instance).second)
      refuse(slice.file, "its UID is that of another slice, too");
  }
  const Vector normal = cross(slices.front().along_row, slices.front().down);
  std::ranges::stable_sort(slices, {}, [&](const Slice& slice) { return dot(slice.at, normal); });
}

volume::Description described(const std::vector<Slice>& slices) {
  const Slice& first = slices.front();
  const Vector step = step_of(slices);
  volume::Description about;
  about.format = first.format;
  about.size = {first.columns, first.rows, static_cast<int>(slices.size())};
  about.spacing = {first.between_columns, first.between_rows, length(step)};
  about.slope = first.slope;
  about.intercept = first.intercept;
  about.oriented = true;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double sign = axis == 2 ? 1 : -1; // DICOM's x points to the left, and y to the back
    about.to_world[axis] = {sign * first.between_columns * first.along_row[axis],
                            sign * first.between_rows * first.down[axis], sign * step[axis],
                            sign * first.at[axis]};
  }
  try {
    volume::check(about);
  } catch (const volume::DescriptionError& error) {
    throw SeriesError(std::string("The series cannot be used: ") + error.what() + ".");
  }
  return about;
}

void check_bits(std::span<const std::byte> pixels, const Slice& slice) {
  const std::size_t size = volume::size_of(slice.format);
  const bool is_signed = slice.format == volume::Format::s8 || slice.format == volume::Format::s16;
  const int least = is_signed ? -(1 << (slice.bits - 1)) : 0,
            most = (1 << (is_signed ? slice.bits - 1 : slice.bits)) - 1;
  for (std::size_t at = 0; at < pixels.size(); at += size) {
    int value = std::to_integer<int>(pixels[at]);
    if (size == 2)
      value += 256 * std::to_integer<int>(pixels[at + 1]);
    if (is_signed && value >= 1 << (8 * size - 1))
      value -= 1 << (8 * size);
    if (value < least || value > most)
      refuse(slice.file, "its pixels use bits that its header does not name; they may hold a drawing");
  }
}

} // namespace deid::dicom
