#pragma once
#include <cstdint>
#include <functional>
#include <gst/gst.h>
#include <type_traits>
#include <utility>
#include <vector>

namespace deid {

/// The state of an element up to which a property may be set.
enum class Mutable : std::uint8_t {
  ready,   ///< it takes effect at the start
  playing, ///< it takes effect at the next frame
};

/// Name, nick and blurb of a property. Requires: string literals.
struct PropertyText {
  const char* name;
  const char* nick;
  const char* blurb;
};

namespace property {

/// Overloads for each C++ type that a setting may have.
inline GParamSpec* spec(const PropertyText& t, float low, float high, float normal, GParamFlags flags) {
  return g_param_spec_float(t.name, t.nick, t.blurb, low, high, normal, flags);
}
inline GParamSpec* spec(const PropertyText& t, double low, double high, double normal, GParamFlags flags) {
  return g_param_spec_double(t.name, t.nick, t.blurb, low, high, normal, flags);
}
inline GParamSpec* spec(const PropertyText& t, gint low, gint high, gint normal, GParamFlags flags) {
  return g_param_spec_int(t.name, t.nick, t.blurb, low, high, normal, flags);
}
inline GParamSpec* spec(const PropertyText& t, guint low, guint high, guint normal, GParamFlags flags) {
  return g_param_spec_uint(t.name, t.nick, t.blurb, low, high, normal, flags);
}
inline GParamSpec* spec(const PropertyText& t, guint64 low, guint64 high, guint64 normal, GParamFlags flags) {
  return g_param_spec_uint64(t.name, t.nick, t.blurb, low, high, normal, flags);
}
inline void give(GValue* to, float value) {
  g_value_set_float(to, value);
}
inline void give(GValue* to, double value) {
  g_value_set_double(to, value);
}
inline void give(GValue* to, gint value) {
  g_value_set_int(to, value);
}
inline void give(GValue* to, guint value) {
  g_value_set_uint(to, value);
}
inline void give(GValue* to, guint64 value) {
  g_value_set_uint64(to, value);
}
inline void take(const GValue* from, float& value) {
  value = g_value_get_float(from);
}
inline void take(const GValue* from, double& value) {
  value = g_value_get_double(from);
}
inline void take(const GValue* from, gint& value) {
  value = g_value_get_int(from);
}
inline void take(const GValue* from, guint& value) {
  value = g_value_get_uint(from);
}
inline void take(const GValue* from, guint64& value) {
  value = g_value_get_uint64(from);
}

} // namespace property

/// All properties of an element's class, a row each: texts, range, and the setting that the property reads
/// and writes. The default is the setting's value in `Settings{}`. A row's `access` takes the settings by
/// reference and returns the setting by reference; it must accept const settings, too. Thread: a table that
/// is complete may be used by all threads; the caller guards the settings.
template <class Settings> class PropertyTable {
  template <class Access> using Setting = std::remove_cvref_t<std::invoke_result_t<Access, Settings&>>;
  template <class T, class Access> using Number = std::conditional_t<std::is_void_v<T>, Setting<Access>, T>;

public:
  /// T: type of the property, when it is not the setting's own: float, double, gint, guint or guint64.
  template <class T = void, class Access>
  void number(const PropertyText& text, Mutable until, const Access& access, Number<T, Access> low,
              Number<T, Access> high) {
    using Value = Number<T, Access>;
    add(
        [=](GParamFlags flags) {
          const Settings normal{};
          return property::spec(text, low, high, static_cast<Value>(access(normal)), flags);
        },
        until,
        [access](Settings& to, const GValue* value) {
          Value number{};
          property::take(value, number);
          access(to) = static_cast<Setting<Access>>(number);
        },
        [access](const Settings& from, GValue* value) {
          property::give(value, static_cast<Value>(access(from)));
        });
  }

  template <class Access> void flag(const PropertyText& text, Mutable until, const Access& access) {
    add(
        [=](GParamFlags flags) {
          const Settings normal{};
          return g_param_spec_boolean(text.name, text.nick, text.blurb, access(normal) ? TRUE : FALSE, flags);
        },
        until,
        [access](Settings& to, const GValue* value) { access(to) = g_value_get_boolean(value) != FALSE; },
        [access](const Settings& from, GValue* value) {
          g_value_set_boolean(value, access(from) ? TRUE : FALSE);
        });
  }

  /// type: GType of the enumeration whose values are the setting's.
  template <class Access>
  void choice(const PropertyText& text, Mutable until, GType (*type)(), const Access& access) {
    choices_.push_back(type);
    add(
        [=](GParamFlags flags) {
          const Settings normal{};
          return g_param_spec_enum(text.name, text.nick, text.blurb, type(), static_cast<int>(access(normal)),
                                   flags);
        },
        until,
        [access](Settings& to, const GValue* value) {
          access(to) = static_cast<Setting<Access>>(g_value_get_enum(value));
        },
        [access](const Settings& from, GValue* value) {
          g_value_set_enum(value, static_cast<int>(access(from)));
        });
  }

  /// A string or a path. An empty setting is NULL as a property.
  template <class Access> void text(const PropertyText& text, Mutable until, const Access& access) {
    add(
        [=](GParamFlags flags) {
          const Settings normal{};
          const auto& value = access(normal);
          return g_param_spec_string(text.name, text.nick, text.blurb,
                                     value.empty() ? nullptr : value.c_str(), flags);
        },
        until,
        [access](Settings& to, const GValue* value) {
          const gchar* given = g_value_get_string(value);
          access(to) = given != nullptr ? given : "";
        },
        [access](const Settings& from, GValue* value) {
          const auto& own = access(from);
          g_value_set_string(value, own.empty() ? nullptr : own.c_str());
        });
  }

  /// Gives the class its properties; the ids are 1, 2... in the order of the rows. Call in class_init.
  void install(GObjectClass* klass) const {
    guint id = 0;
    for (const Row& row : rows_) {
      const auto state = row.until == Mutable::ready ? GST_PARAM_MUTABLE_READY : GST_PARAM_MUTABLE_PLAYING;
      g_object_class_install_property(
          klass, ++id,
          row.spec(static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | state)));
    }
    for (const auto& type : choices_)
      gst_type_mark_as_plugin_api(type(), static_cast<GstPluginAPIFlags>(0));
  }

  /// Returns false when the table has no such id.
  bool set(Settings& settings, guint id, const GValue* value) const {
    if (id < 1 || id > rows_.size())
      return false;
    rows_[id - 1].set(settings, value);
    return true;
  }
  bool get(const Settings& settings, guint id, GValue* value) const {
    if (id < 1 || id > rows_.size())
      return false;
    rows_[id - 1].get(settings, value);
    return true;
  }

private:
  struct Row {
    std::function<GParamSpec*(GParamFlags)> spec;
    Mutable until;
    std::function<void(Settings&, const GValue*)> set;
    std::function<void(const Settings&, GValue*)> get;
  };
  void add(std::function<GParamSpec*(GParamFlags)> spec, Mutable until,
           std::function<void(Settings&, const GValue*)> set,
           std::function<void(const Settings&, GValue*)> get) {
    rows_.push_back({std::move(spec), until, std::move(set), std::move(get)});
  }

  std::vector<Row> rows_;
  std::vector<GType (*)()> choices_;
};

} // namespace deid
