#pragma once
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

/// Shared by the tests of a page of docs/, which check that the page is true. Calls gst_init() where needed.
namespace deid::test {

inline std::string page_of(const std::string& element) {
  return read(std::string(DEID_SOURCE_DIR) + "/docs/" + element + ".md");
}

/// The page's first launch line without the program; empty when it has none.
inline std::string launch_line_of(const std::string& element) {
  std::istringstream in(page_of(element));
  const std::string start = "    gst-launch-1.0 ";
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start))
      return line.substr(start.size());
  return "";
}

inline void replace(std::string& text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

/// Fails unless the line runs to its end within so many seconds.
inline void expect_plays(const std::string& line, int seconds) {
  gst_init(nullptr, nullptr);
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
  ASSERT_EQ(error, nullptr) << error->message;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end =
      gst_bus_timed_pop_filtered(bus, static_cast<GstClockTime>(seconds) * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
  gst_message_unref(end);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

/// The cells of a property's row in the table of properties, without the name; empty when it has none.
inline std::vector<std::string> cells_of(const std::string& page, const std::string& property) {
  const std::string start = "\n| " + property + " |";
  const auto table = page.find("\n| name |");
  const auto at = page.find(start, table == std::string::npos ? page.size() : table);
  std::vector<std::string> cells;
  if (at == std::string::npos)
    return cells;
  const auto from = at + start.size();
  std::istringstream row(page.substr(from, page.find('\n', from) - from));
  for (std::string cell; std::getline(row, cell, '|');)
    cells.push_back(cell);
  return cells;
}

/// Fails unless the row names the value that a new element has, and every value of an enumeration.
inline void expect_default_and_values(GstElement* made, GParamSpec* spec,
                                      const std::vector<std::string>& cells) {
  const std::string name = g_param_spec_get_name(spec);
  ASSERT_GE(cells.size(), 3U) << name;
  if (G_IS_PARAM_SPEC_BOOLEAN(spec)) {
    gboolean value = FALSE;
    g_object_get(made, name.c_str(), &value, nullptr);
    EXPECT_EQ(cells[0], value != FALSE ? " true " : " false ") << name;
  } else if (G_IS_PARAM_SPEC_ENUM(spec)) {
    GEnumClass* choice = G_PARAM_SPEC_ENUM(spec)->enum_class;
    gint value = 0;
    g_object_get(made, name.c_str(), &value, nullptr);
    std::string values;
    for (guint i = 0; i < choice->n_values; ++i)
      values += (i == 0 ? " " : ", ") + std::string(choice->values[i].value_nick);
    EXPECT_EQ(cells[0], " " + std::string(g_enum_get_value(choice, value)->value_nick) + " ") << name;
    EXPECT_EQ(cells[1], values + " ") << name;
  }
}

/// Fails unless the page's table has a row for every property of "deid" + element, with its default and
/// values.
inline void expect_every_property_on_page(const std::string& element) {
  gst_init(nullptr, nullptr);
  const std::string text = page_of(element);
  GstElement* made = gst_element_factory_make(("deid" + element).c_str(), nullptr);
  ASSERT_NE(made, nullptr);
  guint count = 0;
  GParamSpec** all = g_object_class_list_properties(G_OBJECT_GET_CLASS(made), &count);
  for (guint i = 0; i < count; ++i) {
    const std::string name = g_param_spec_get_name(all[i]);
    if (name == "name" || name == "parent" || (name == "qos" && element == "scrub"))
      continue;
    expect_default_and_values(made, all[i], cells_of(text, name));
  }
  g_free(all);
  gst_object_unref(made);
}

} // namespace deid::test
