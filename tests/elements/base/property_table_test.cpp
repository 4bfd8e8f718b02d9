#include "elements/base/property_table.hpp"
#include <filesystem>
#include <gtest/gtest.h>

namespace deid {
namespace {

enum class Kind : std::uint8_t { one, two };

struct Values {
  float share = 0.25F;
  double distance = 0.5;
  std::int64_t time = 7;
  int count = 3;
  bool on = true;
  Kind kind = Kind::two;
  std::string word = "all";
  std::filesystem::path file{};
};

GType kind_type() {
  static const GType type = [] {
    static const GEnumValue values[] = {{0, "One", "one"}, {1, "Two", "two"}, {0, nullptr, nullptr}};
    return g_enum_register_static("TestKind", values);
  }();
  return type;
}

const PropertyTable<Values>& table() {
  static const PropertyTable<Values> table = [] {
    PropertyTable<Values> all;
    all.number(
        {"share", "Share", "A share"}, Mutable::playing, [](auto& v) -> auto& { return v.share; }, 0.F, 1.F);
    all.number<float>(
        {"distance", "Distance", "A distance"}, Mutable::ready, [](auto& v) -> auto& { return v.distance; },
        0, 2);
    all.number<guint64>(
        {"time", "Time", "A time"}, Mutable::ready, [](auto& v) -> auto& { return v.time; }, 0, 9);
    all.number(
        {"count", "Count", "A count"}, Mutable::ready, [](auto& v) -> auto& { return v.count; }, -1, 9);
    all.flag(
        {"on", "On", "A flag"}, Mutable::ready, [](auto& v) -> auto& { return v.on; });
    all.choice(
        {"kind", "Kind", "A choice"}, Mutable::ready, kind_type, [](auto& v) -> auto& { return v.kind; });
    all.text(
        {"word", "Word", "A word"}, Mutable::ready, [](auto& v) -> auto& { return v.word; });
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

/// A GObject class with the table's properties.
class PropertyTableTest : public testing::Test {
protected:
  PropertyTableTest() { g_object_set_data(object, "values", &values); }
  ~PropertyTableTest() override { g_object_unref(object); }
  static GType type() {
    gst_init(nullptr, nullptr); // the table marks its choices as part of a plugin's interface
    static const GType type = g_type_register_static_simple(
        G_TYPE_OBJECT, "TestOfPropertyTable", sizeof(GObjectClass),
        [](gpointer klass, gpointer) {
          G_OBJECT_CLASS(klass)->set_property = set;
          G_OBJECT_CLASS(klass)->get_property = get;
          table().install(G_OBJECT_CLASS(klass));
        },
        sizeof(GObject), nullptr, static_cast<GTypeFlags>(0));
    return type;
  }
  [[nodiscard]] GParamSpec* spec(const char* name) const {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(object), name);
  }
  GObject* object = G_OBJECT(g_object_new(type(), nullptr));
  Values values{};
};

TEST_F(PropertyTableTest, TheDefaultIsTheSettingsOwn) {
  EXPECT_EQ(G_PARAM_SPEC_FLOAT(spec("share"))->default_value, 0.25F);
  EXPECT_EQ(G_PARAM_SPEC_FLOAT(spec("distance"))->default_value, 0.5F);
  EXPECT_EQ(G_PARAM_SPEC_UINT64(spec("time"))->default_value, 7U);
  EXPECT_EQ(G_PARAM_SPEC_INT(spec("count"))->default_value, 3);
  EXPECT_EQ(G_PARAM_SPEC_BOOLEAN(spec("on"))->default_value, TRUE);
  EXPECT_EQ(G_PARAM_SPEC_ENUM(spec("kind"))->default_value, 1);
  EXPECT_STREQ(G_PARAM_SPEC_STRING(spec("word"))->default_value, "all");
  EXPECT_EQ(G_PARAM_SPEC_STRING(spec("file"))->default_value, nullptr);
}

TEST_F(PropertyTableTest, ARowSaysWhenAPropertyMayChange) {
  EXPECT_TRUE(spec("share")->flags & GST_PARAM_MUTABLE_PLAYING);
  EXPECT_FALSE(spec("count")->flags & GST_PARAM_MUTABLE_PLAYING);
  EXPECT_TRUE(spec("count")->flags & GST_PARAM_MUTABLE_READY);
}

TEST_F(PropertyTableTest, PropertiesAreReadAndWritten) {
  g_object_set(object, "share", 0.75, "distance", 1.5, "time", G_GUINT64_CONSTANT(2), "count", -1, "on",
               FALSE, "kind", 0, "word", "left", "file", "a/b", nullptr);
  EXPECT_EQ(values.share, 0.75F);
  EXPECT_EQ(values.distance, 1.5);
  EXPECT_EQ(values.time, 2);
  EXPECT_EQ(values.count, -1);
  EXPECT_FALSE(values.on);
  EXPECT_EQ(values.kind, Kind::one);
  EXPECT_EQ(values.word, "left");
  EXPECT_EQ(values.file, "a/b");
  gfloat share = 0, distance = 0;
  guint64 time = 0;
  gint count = 0, kind = 1;
  gboolean on = TRUE;
  gchar *word = nullptr, *file = nullptr;
  g_object_get(object, "share", &share, "distance", &distance, "time", &time, "count", &count, "on", &on,
               "kind", &kind, "word", &word, "file", &file, nullptr);
  EXPECT_EQ(share, 0.75F);
  EXPECT_EQ(distance, 1.5F);
  EXPECT_EQ(time, 2U);
  EXPECT_EQ(count, -1);
  EXPECT_EQ(on, FALSE);
  EXPECT_EQ(kind, 0);
  EXPECT_STREQ(word, "left");
  EXPECT_STREQ(file, "a/b");
  g_free(word);
  g_free(file);
}

TEST_F(PropertyTableTest, AnEmptyTextIsNull) {
  g_object_set(object, "word", "", nullptr);
  gchar* word = nullptr;
  g_object_get(object, "word", &word, nullptr);
  EXPECT_EQ(word, nullptr);
  g_object_set(object, "word", nullptr, nullptr);
  EXPECT_EQ(values.word, "");
}

TEST_F(PropertyTableTest, AnUnknownIdIsRefused) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, G_TYPE_INT);
  for (const guint id : {0U, 9U, 1000U}) {
    EXPECT_FALSE(table().set(values, id, &value)) << id;
    EXPECT_FALSE(table().get(values, id, &value)) << id;
  }
}

} // namespace
} // namespace deid
