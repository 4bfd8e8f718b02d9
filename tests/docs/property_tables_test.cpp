// The tables that are made from elements: each type of property, and the place in the page.
#include "elements/base/property_table.hpp"
#include "tests/docs/property_tables.hpp"
#include <gtest/gtest.h>

namespace deid::docs {
namespace {

enum class Kind : std::uint8_t { one, two };

struct Values {
  float share = 0.1F;
  double size = 1e-3;
  std::int64_t period = 0;
  std::uint64_t hold = 1'500'000'000;
  int most = 3;
  unsigned color = 0x0080ff;
  bool on = true;
  Kind kind = Kind::two;
  std::string file{};
};

GType kind_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {{0, "One", "one"}, {1, "Two", "two"}, {0, nullptr, nullptr}};
    return g_enum_register_static("GstDeidTestKind", values);
  }();
  return type;
}

const PropertyTable<Values>& table() {
  static const PropertyTable<Values> table = [] {
    PropertyTable<Values> all;
    all.number(
        {"share", "Share", "A share"}, Mutable::playing, [](auto& v) -> auto& { return v.share; }, 0.F, .5F);
    all.number(
        {"size", "Size", "A size [px]"}, Mutable::ready, [](auto& v) -> auto& { return v.size; }, 1e-3, 1e6);
    all.number<guint64>(
        {"period", "Period", "A period"}, Mutable::ready, [](auto& v) -> auto& { return v.period; }, 0,
        G_MAXINT64);
    all.number<guint64>(
        {"hold", "Hold", "A time [ns]"}, Mutable::ready, [](auto& v) -> auto& { return v.hold; }, 0,
        60'000'000'000);
    all.number(
        {"most", "Most", "A number"}, Mutable::ready, [](auto& v) -> auto& { return v.most; }, 1, G_MAXINT);
    all.number(
        {"color", "Color", "A color, 0xRRGGBB"}, Mutable::ready, [](auto& v) -> auto& { return v.color; }, 0,
        0xFFFFFF);
    all.flag(
        {"on", "On", "A flag"}, Mutable::ready, [](auto& v) -> auto& { return v.on; });
    all.choice(
        {"kind", "Kind", "This | that"}, Mutable::playing, kind_type,
        [](auto& v) -> auto& { return v.kind; });
    all.text(
        {"file", "File", "A file"}, Mutable::ready, [](auto& v) -> auto& { return v.file; });
    return all;
  }();
  return table;
}

void set(GObject* object, guint id, const GValue* value, GParamSpec*) {
  table().set(*static_cast<Values*>(g_object_get_data(object, "values")), id, value);
}
void get(GObject* object, guint id, GValue* value, GParamSpec*) {
  table().get(*static_cast<Values*>(g_object_get_data(object, "values")), id, value);
}

GType type_named(const char* name, GClassInitFunc init) {
  gst_init(nullptr, nullptr);
  return g_type_register_static_simple(G_TYPE_OBJECT, name, sizeof(GObjectClass), init, sizeof(GObject),
                                       nullptr, static_cast<GTypeFlags>(0));
}

/// Makes an object of a class with the table's properties; name: of the class.
GObject* made(const char* name, Values& values) {
  const GType type = type_named(name, [](gpointer klass, gpointer) {
    G_OBJECT_CLASS(klass)->set_property = set;
    G_OBJECT_CLASS(klass)->get_property = get;
    table().install(G_OBJECT_CLASS(klass));
    g_object_class_install_property(
        G_OBJECT_CLASS(klass), 100,
        g_param_spec_boxed("stats", "Stats", "Counters", GST_TYPE_STRUCTURE, G_PARAM_READABLE));
  });
  auto* object = G_OBJECT(g_object_new(type, nullptr));
  g_object_set_data(object, "values", &values);
  return object;
}

TEST(PropertyTables, EachTypeHasItsForm) {
  Values values;
  GObject* object = made("GstDeidTestOfTables", values);
  EXPECT_EQ(table_of(object),
            "| name | default | range | type | takes effect at | meaning |\n"
            "|---|---|---|---|---|---|\n"
            "| share | 0.1 | 0..0.5 | float | next frame | A share |\n"
            "| size | 0.001 | 0.001..1000000 | double | start | A size [px] |\n"
            "| period | 0 | 0 and more | uint64 | start | A period |\n"
            "| hold | 1500000000 (1.5 s) | 0..60000000000 (60 s) | uint64 | start | A time [ns] |\n"
            "| most | 3 | 1 and more | int | start | A number |\n"
            "| color | 0x0080ff | 0x000000..0xffffff | uint | start | A color, 0xRRGGBB |\n"
            "| on | true | false, true | flag | start | A flag |\n"
            "| kind | two | one, two | choice | next frame | This \\| that |\n"
            "| file | empty | | text | start | A file |\n"
            "| stats | | | structure | read only | Counters |\n");
  g_object_unref(object);
}

TEST(PropertyTables, TheDefaultIsThatOfANewObject) {
  Values values;
  values.share = .25F; // as an element that sets another value than its class when it is made
  GObject* object = made("GstDeidTestOfDefaults", values);
  EXPECT_NE(table_of(object).find("| share | 0.25 | 0..0.5 | float |"), std::string::npos);
  g_object_unref(object);
}

TEST(PropertyTables, ClassesOfOthersAreLeftOut) {
  Values values;
  GObject* object = made("TestOfAnother", values);
  EXPECT_EQ(table_of(object), "It has no properties of its own.\n");
  g_object_unref(object);
}

TEST(PropertyTables, OnlyThePartBetweenTheMarksChanges) {
  const std::string begin(begin_mark), end(end_mark);
  const std::string page = "# a\n\n" + begin + "\nold\n" + end + "\n\nmore\n";
  const std::string made = with_table(page, "| new |\n");
  EXPECT_EQ(made, "# a\n\n" + begin + "\n\n| new |\n\n" + end + "\n\nmore\n");
  EXPECT_EQ(with_table(made, "| new |\n"), made);
}

TEST(PropertyTables, APageWithoutMarksIsRefused) {
  const std::string begin(begin_mark), end(end_mark);
  EXPECT_THROW(with_table("# a\n", "t\n"), PageError);
  EXPECT_THROW(with_table(begin + "\n", "t\n"), PageError);
  EXPECT_THROW(with_table(end + "\n" + begin + "\n", "t\n"), PageError);
}

} // namespace
} // namespace deid::docs
