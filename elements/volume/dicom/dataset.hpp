#pragma once
#include "elements/volume/dicom/file.hpp"
#include "elements/volume/dicom/series.hpp"
#include <array>
#include <optional>
#include <set>
#include <string>

/// What is done to a dataset, and what a slice says. Plain C++.
namespace deid::dicom {

/// A value as text, without the blank or zero that fills it up; empty when it is not there.
[[nodiscard]] std::string text_of(const Dataset& set, Tag tag);
/// Numbers that backslashes part (DS, IS); none when one of them is no number.
[[nodiscard]] std::vector<double> numbers_of(const Dataset& set, Tag tag);
/// A number of 16 bits.
[[nodiscard]] std::optional<int> short_of(const Dataset& set, Tag tag);

/// Sets a value in the place of the old one.
void put(Dataset& set, Tag tag, const char* vr, std::string value);

/// The same UID gives the same new one, in this process only.
[[nodiscard]] std::string renewed(const std::string& uid);

/// Kept attributes of a dataset, new UIDs, and words that say it was de-identified.
[[nodiscard]] Dataset cleaned(const Dataset& set, std::set<std::string>& dropped,
                              std::size_t& private_attributes);
/// An attribute that cleaned() would not have left, "gggg,eeee"; empty when there is none.
[[nodiscard]] std::string unlisted(const Dataset& set);
/// Says what was done (PS3.15, E.1-1: the attributes 0012,0062 to 0012,0064, 0028,0301 and 0028,0302).
void say_what_was_done(Dataset& set, const Stamp& stamp);

/// What one slice says about its place and its pixels.
struct Slice {
  std::string file{}; ///< its name, for sentences
  Dataset kept{};     ///< the cleaned dataset
  std::string series{}, instance{}, frame{}, modality{};
  volume::Format format = volume::Format::u16;
  int rows = 0, columns = 0, bits = 0;              ///< bits: those of a number that are used
  std::array<double, 3> at{};                       ///< [mm] of the first pixel, DICOM's world
  std::array<double, 3> along_row{1, 0, 0}, down{}; ///< directions
  double between_rows = 1, between_columns = 1;     ///< [mm]
  std::optional<double> between_slices{};           ///< [mm] as the series states it
  double slope = 1, intercept = 0;
};
/// Throws SeriesError for a slice that is refused by itself.
[[nodiscard]] Slice slice_of(const Dataset& set, const std::string& file);

/// Sorts slices by their place. Throws SeriesError when they are not slices of one series.
void sort(std::vector<Slice>& slices);
/// The volume of sorted slices. Throws SeriesError for slices that are no volume.
[[nodiscard]] volume::Description described(const std::vector<Slice>& slices);

/// Throws SeriesError when a number uses other bits than the slice states.
void check_bits(std::span<const std::byte> pixels, const Slice& slice);

} // namespace deid::dicom
