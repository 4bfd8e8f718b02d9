#include "tests/docs/property_tables.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <gst/gst.h>
#include <limits>
#include <span>
#include <type_traits>

namespace deid::docs {

namespace {

std::string_view blurb_of(GParamSpec* spec) {
  const gchar* text = g_param_spec_get_blurb(spec);
  return text != nullptr ? text : "";
}

bool says(GParamSpec* spec, std::string_view word) {
  return blurb_of(spec).find(word) != std::string_view::npos;
}

bool is_read_only(GParamSpec* spec) {
  return (spec->flags & G_PARAM_WRITABLE) == 0;
}

/// The shortest decimal number that is read back as the same value, without an exponent.
template <class Number> std::string shortest(Number value) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  return {text.data(), end};
}

std::string hexadecimal(std::uint64_t color) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "0x%06llx", static_cast<unsigned long long>(color));
  return text.data();
}

/// A number as the property takes it, and in seconds when it is a time.
template <class Number> std::string text_of(GParamSpec* spec, Number value) {
  if constexpr (std::is_floating_point_v<Number>) {
    return shortest(value);
  } else {
    if (says(spec, "0xRRGGBB"))
      return hexadecimal(static_cast<std::uint64_t>(value));
    const bool time = says(spec, "[ns]") && value > 0;
    return std::to_string(value) + (time ? " (" + shortest(static_cast<double>(value) / 1e9) + " s)" : "");
  }
}

template <class Number> Number value_of(GObject* object, GParamSpec* spec) {
  Number value{};
  g_object_get(object, g_param_spec_get_name(spec), &value, nullptr);
  return value;
}

/// Whether a maximum is the end of a type of whole numbers, signed or not.
template <class Number> bool is_unlimited(Number maximum) {
  if constexpr (std::is_integral_v<Number>)
    return maximum == std::numeric_limits<Number>::max() ||
           maximum == static_cast<Number>(std::numeric_limits<std::make_signed_t<Number>>::max());
  else
    return false;
}

/// Spec: the GParamSpec of this type of number.
template <class Number, class Spec> std::string number_range(GParamSpec* spec) {
  const auto* s = reinterpret_cast<const Spec*>(spec);
  if (is_unlimited<Number>(s->maximum))
    return text_of<Number>(spec, s->minimum) + " and more";
  return text_of<Number>(spec, s->minimum) + ".." + text_of<Number>(spec, s->maximum);
}

template <class Number> std::string number_default(GObject* object, GParamSpec* spec) {
  return text_of(spec, value_of<Number>(object, spec));
}

std::string flag_range(GParamSpec* /*spec*/) {
  return "false, true";
}

std::string flag_default(GObject* object, GParamSpec* spec) {
  return value_of<gboolean>(object, spec) != FALSE ? "true" : "false";
}

std::string text_range(GParamSpec* /*spec*/) {
  return "";
}

std::string text_default(GObject* object, GParamSpec* spec) {
  gchar* text = value_of<gchar*>(object, spec);
  const std::string copy = text != nullptr ? text : "empty";
  g_free(text);
  return copy;
}

std::string choice_range(GParamSpec* spec) {
  const GEnumClass* all = G_PARAM_SPEC_ENUM(spec)->enum_class;
  std::string nicks;
  for (const GEnumValue& one : std::span(all->values, all->n_values))
    nicks.append(nicks.empty() ? "" : ", ").append(one.value_nick);
  return nicks;
}

std::string choice_default(GObject* object, GParamSpec* spec) {
  return g_enum_get_value(G_PARAM_SPEC_ENUM(spec)->enum_class, value_of<gint>(object, spec))->value_nick;
}

/// How the table shows a type of property.
struct Kind {
  const char* name;
  std::string (*range)(GParamSpec*);
  std::string (*value)(GObject*, GParamSpec*);
};

template <class Number, class Spec> constexpr Kind number(const char* name) {
  return {name, number_range<Number, Spec>, number_default<Number>};
}

Kind kind_of(GParamSpec* spec) {
  switch (G_TYPE_FUNDAMENTAL(spec->value_type)) {
  case G_TYPE_BOOLEAN:
    return {"flag", flag_range, flag_default};
  case G_TYPE_ENUM:
    return {"choice", choice_range, choice_default};
  case G_TYPE_STRING:
    return {"text", text_range, text_default};
  case G_TYPE_INT:
    return number<gint, GParamSpecInt>("int");
  case G_TYPE_UINT:
    return number<guint, GParamSpecUInt>("uint");
  case G_TYPE_INT64:
    return number<gint64, GParamSpecInt64>("int64");
  case G_TYPE_UINT64:
    return number<guint64, GParamSpecUInt64>("uint64");
  case G_TYPE_FLOAT:
    return number<gfloat, GParamSpecFloat>("float");
  case G_TYPE_DOUBLE:
    return number<gdouble, GParamSpecDouble>("double");
  default:
    return {spec->value_type == GST_TYPE_STRUCTURE ? "structure" : g_type_name(spec->value_type), text_range,
            [](GObject*, GParamSpec*) { return std::string(); }};
  }
}

/// When a new value takes effect; empty when the property does not say so.
std::string effect_of(GParamSpec* spec) {
  if (is_read_only(spec))
    return "read only";
  if ((spec->flags & GST_PARAM_MUTABLE_PLAYING) != 0)
    return "next frame";
  return (spec->flags & GST_PARAM_MUTABLE_READY) != 0 ? "start" : "";
}

/// Whether the property is of one of our classes.
bool is_ours(GParamSpec* spec) {
  return std::string_view(g_type_name(spec->owner_type)).starts_with("GstDeid");
}

/// The one property of GStreamer's own classes that a user of these elements must know.
bool says_how_frames_are_dropped(GParamSpec* spec) {
  return std::string_view(g_param_spec_get_name(spec)) == "qos";
}

/// A cell's text, in which a bar does not end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text)
    out.append(c == '|' ? "\\" : "").append(1, c);
  return out;
}

std::string row_of(GObject* object, GParamSpec* spec) {
  std::string row = "|";
  for (const std::string& text :
       {std::string(g_param_spec_get_name(spec)), default_of(object, spec), range_of(spec),
        std::string(kind_of(spec).name), effect_of(spec), std::string(blurb_of(spec))})
    row.append(text.empty() ? " " : " " + cell(text) + " ").append("|");
  return row + "\n";
}

} // namespace

std::string range_of(GParamSpec* spec) {
  return is_read_only(spec) ? "" : kind_of(spec).range(spec);
}

std::string default_of(GObject* object, GParamSpec* spec) {
  return is_read_only(spec) ? "" : kind_of(spec).value(object, spec);
}

std::string table_of(GObject* object) {
  guint count = 0;
  GParamSpec** all = g_object_class_list_properties(G_OBJECT_GET_CLASS(object), &count);
  std::string rows, read_only, inherited;
  for (GParamSpec* spec : std::span(all, count))
    if (is_ours(spec))
      (is_read_only(spec) ? read_only : rows) += row_of(object, spec);
    else if (says_how_frames_are_dropped(spec))
      inherited += row_of(object, spec);
  g_free(all);
  if (rows.empty() && read_only.empty())
    return "It has no properties of its own.\n";
  return "| name | default | range | type | takes effect at | meaning |\n|---|---|---|---|---|---|\n" + rows +
         read_only + inherited;
}

std::string with_table(const std::string& page, const std::string& table) {
  const auto begin = page.find(begin_mark);
  const auto end = page.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    throw PageError("The page lacks the line " + std::string(begin_mark) + " or, below it, the line " +
                    std::string(end_mark) + ".");
  return page.substr(0, begin + begin_mark.size()) + "\n\n" + table + "\n" + page.substr(end);
}

} // namespace deid::docs
