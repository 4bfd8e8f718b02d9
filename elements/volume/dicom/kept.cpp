#include "elements/volume/dicom/kept.hpp"
#include <algorithm>
#include <array>
#include <tuple>

namespace deid::dicom {

namespace {

using enum Rule;

/// After PS3.3 (MR Image, CT Image) and PS3.15 table E.1-1: what a picture needs to be read and placed, and
/// how it was taken. Left out although the table leaves them: texts, and numbers that tell one machine or
/// person from another (imaging frequency, energy absorbed, least and greatest value).
constexpr std::array table{
    Attribute{0x0008, 0x0008, "CS", keep},  // image type
    Attribute{0x0008, 0x0016, "UI", keep},  // SOP class
    Attribute{0x0008, 0x0018, "UI", renew}, // SOP instance
    Attribute{0x0008, 0x0020, "DA", empty}, // study date
    Attribute{0x0008, 0x0030, "TM", empty}, // study time
    Attribute{0x0008, 0x0050, "SH", empty}, // accession number
    Attribute{0x0008, 0x0060, "CS", keep},  // modality
    Attribute{0x0008, 0x0070, "LO", empty}, // manufacturer
    Attribute{0x0008, 0x0090, "PN", empty}, // referring physician
    Attribute{0x0010, 0x0010, "PN", empty}, // patient's name
    Attribute{0x0010, 0x0020, "LO", empty}, // patient's ID
    Attribute{0x0010, 0x0030, "DA", empty}, // patient's birth date
    Attribute{0x0010, 0x0040, "CS", empty}, // patient's sex
    Attribute{0x0012, 0x0062, "CS", own},   // patient identity removed
    Attribute{0x0012, 0x0063, "LO", own},   // de-identification method
    Attribute{0x0012, 0x0064, "SQ", own},   // the same in codes
    Attribute{0x0018, 0x0020, "CS", keep},  // scanning sequence
    Attribute{0x0018, 0x0021, "CS", keep},  // sequence variant
    Attribute{0x0018, 0x0022, "CS", keep},  // scan options
    Attribute{0x0018, 0x0023, "CS", keep},  // acquisition type
    Attribute{0x0018, 0x0025, "CS", keep},  // angio flag
    Attribute{0x0018, 0x0050, "DS", keep},  // slice thickness
    Attribute{0x0018, 0x0060, "DS", keep},  // kVp
    Attribute{0x0018, 0x0080, "DS", keep},  // repetition time
    Attribute{0x0018, 0x0081, "DS", keep},  // echo time
    Attribute{0x0018, 0x0082, "DS", keep},  // inversion time
    Attribute{0x0018, 0x0083, "DS", keep},  // averages
    Attribute{0x0018, 0x0086, "IS", keep},  // echo numbers
    Attribute{0x0018, 0x0087, "DS", keep},  // field strength
    Attribute{0x0018, 0x0088, "DS", keep},  // spacing between slices
    Attribute{0x0018, 0x0089, "IS", keep},  // phase encoding steps
    Attribute{0x0018, 0x0091, "IS", keep},  // echo train length
    Attribute{0x0018, 0x0093, "DS", keep},  // sampling
    Attribute{0x0018, 0x0094, "DS", keep},  // phase field of view
    Attribute{0x0018, 0x0095, "DS", keep},  // pixel bandwidth
    Attribute{0x0018, 0x1100, "DS", keep},  // reconstruction diameter
    Attribute{0x0018, 0x1120, "DS", keep},  // gantry tilt
    Attribute{0x0018, 0x1310, "US", keep},  // acquisition matrix
    Attribute{0x0018, 0x1312, "CS", keep},  // phase encoding direction
    Attribute{0x0018, 0x1314, "DS", keep},  // flip angle
    Attribute{0x0018, 0x1315, "CS", keep},  // variable flip angle
    Attribute{0x0018, 0x5100, "CS", keep},  // patient's position
    Attribute{0x0020, 0x000d, "UI", renew}, // study
    Attribute{0x0020, 0x000e, "UI", renew}, // series
    Attribute{0x0020, 0x0010, "SH", empty}, // study ID
    Attribute{0x0020, 0x0011, "IS", keep},  // series number
    Attribute{0x0020, 0x0012, "IS", keep},  // acquisition number
    Attribute{0x0020, 0x0013, "IS", keep},  // instance number
    Attribute{0x0020, 0x0032, "DS", keep},  // position
    Attribute{0x0020, 0x0037, "DS", keep},  // orientation
    Attribute{0x0020, 0x0052, "UI", renew}, // frame of reference
    Attribute{0x0020, 0x1040, "LO", empty}, // position reference indicator
    Attribute{0x0020, 0x1041, "DS", keep},  // slice location
    Attribute{0x0028, 0x0002, "US", keep},  // samples a pixel
    Attribute{0x0028, 0x0004, "CS", keep},  // photometric interpretation
    Attribute{0x0028, 0x0010, "US", keep},  // rows
    Attribute{0x0028, 0x0011, "US", keep},  // columns
    Attribute{0x0028, 0x0030, "DS", keep},  // pixel spacing
    Attribute{0x0028, 0x0100, "US", keep},  // bits allocated
    Attribute{0x0028, 0x0101, "US", keep},  // bits stored
    Attribute{0x0028, 0x0102, "US", keep},  // high bit
    Attribute{0x0028, 0x0103, "US", keep},  // signed
    Attribute{0x0028, 0x0301, "CS", own},   // burned-in annotation
    Attribute{0x0028, 0x0302, "CS", own},   // recognizable visual features
    Attribute{0x0028, 0x1050, "DS", keep},  // window centre
    Attribute{0x0028, 0x1051, "DS", keep},  // window width
    Attribute{0x0028, 0x1052, "DS", keep},  // intercept
    Attribute{0x0028, 0x1053, "DS", keep},  // slope
    Attribute{0x0028, 0x1054, "LO", keep},  // unit
    Attribute{0x0028, 0x2110, "CS", keep},  // lossy compression
};

constexpr auto tag(const Attribute& one) {
  return std::tuple(one.group, one.element);
}

static_assert(std::ranges::is_sorted(table, {}, tag));

bool all_of(std::string_view value, std::string_view allowed) {
  return value.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

const Attribute* attribute_of(std::uint16_t group, std::uint16_t element) {
  const auto* found = std::ranges::lower_bound(table, std::tuple(group, element), {}, tag);
  return found != table.end() && tag(*found) == std::tuple(group, element) ? found : nullptr;
}

Attributes all_attributes() {
  return {table.data(), table.data() + table.size()};
}

bool fits(std::string_view vr, std::string_view value) {
  constexpr std::size_t most = 256; // characters; a code word has 16, a number too
  constexpr std::string_view standard = "1.2.840.10008.";
  if (vr == "US")
    return value.size() % 2 == 0 && value.size() <= 8;
  if (value.size() > most)
    return false;
  if (vr == "DS" || vr == "IS")
    return all_of(value, vr == "DS" ? "0123456789+-.eE\\ " : "0123456789+-\\ ");
  if (vr == "CS")
    return all_of(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_\\ ");
  if (vr == "LO")
    return value == "HU" || value == "US"; // units; no other text is kept
  return vr == "UI" && value.starts_with(standard) && all_of(value, "0123456789.");
}

} // namespace deid::dicom
