#pragma once
#include <glib-object.h>
#include <stdexcept>
#include <string>
#include <string_view>

/// The property tables of the pages docs/<element>.md, made from the elements themselves. A page has the
/// table between two marks. Everything beside them is written by hand.
namespace deid::docs {

inline constexpr std::string_view begin_mark =
    "<!-- properties: made by meson-free-scripts/property-tables; do not edit this table -->";
inline constexpr std::string_view end_mark = "<!-- end of the properties -->";

/// The names of the elements that have a page, without "deid".
inline constexpr std::string_view elements[]{"facedetect", "facerevise",    "facemask",
                                             "faceblur",   "faceswap",      "posedetect",
                                             "oksmeter",   "identitymeter", "scrub"};

/// A page without both marks in their order. what() is a sentence.
class PageError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Returns a property's range as the table has it; empty for a text and for a read-only property. A range up
/// to the end of its type is "N and more". A blurb with "[ns]" gives a time in seconds, too; one with
/// "0xRRGGBB" gives hexadecimal numbers.
std::string range_of(GParamSpec* spec);

/// Returns the value that a new object has, in the form of range_of(). Requires: the object has the property.
std::string default_of(GObject* object, GParamSpec* spec);

/// Returns the table of an object's properties, read-only ones last, as lines of Markdown; a
/// sentence when there is none. Of the properties of GStreamer's own classes, only qos has a row. Requires:
/// no element has run yet, so all values are the defaults.
std::string table_of(GObject* object);

/// Returns the page with the table between its marks. Throws PageError when the page lacks a mark.
std::string with_table(const std::string& page, const std::string& table);

} // namespace deid::docs
