#pragma once
#include "elements/base/gstdeidvideo.hpp"
#include <mutex>

namespace deid {

/// The part that all elements on GstDeidVideo share that only look at pictures: an instance that holds one
/// C++ object, properties behind its lock, and the registered type. `Inside` is that object's class, in an
/// anonymous namespace:
///   std::mutex mutex; guards the property values
///   bool set(guint id, const GValue*); false: unknown property; called with the lock held
///   bool get(guint id, GValue*) const; the same
template <class Inside> class Shell {
public:
  struct Instance {
    GstDeidVideo parent;
    Inside* inside;
  };

  static Inside& inside(gpointer instance) { return *static_cast<Instance*>(instance)->inside; }
  /// The parent class, for chaining up; valid after set_up().
  static gpointer above() { return above_; }

  /// Call it first in class_init.
  static void set_up(gpointer klass) {
    above_ = g_type_class_peek_parent(klass);
    auto* object_class = G_OBJECT_CLASS(klass);
    object_class->set_property = set_property;
    object_class->get_property = get_property;
    object_class->finalize = finalize;
    gst_deid_video_add_templates(GST_ELEMENT_CLASS(klass));
    static_cast<GstDeidVideoClass*>(klass)->map_flags = GST_MAP_READ;
  }
  static GType type(const char* name, GClassInitFunc class_init) {
    return type_once(name, [&] {
      return g_type_register_static_simple(GST_TYPE_DEID_VIDEO, name, sizeof(GstDeidVideoClass), class_init,
                                           sizeof(Instance), begin, static_cast<GTypeFlags>(0));
    });
  }

private:
  static void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
    const std::lock_guard lock(inside(object).mutex);
    if (!inside(object).set(id, value))
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  static void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
    const std::lock_guard lock(inside(object).mutex);
    if (!inside(object).get(id, value))
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
  static void begin(GTypeInstance* instance, gpointer) {
    reinterpret_cast<Instance*>(instance)->inside = new Inside;
  }
  static void finalize(GObject* object) {
    delete std::exchange(reinterpret_cast<Instance*>(object)->inside, nullptr);
    G_OBJECT_CLASS(above_)->finalize(object);
  }
  static inline gpointer above_ = nullptr;
};

} // namespace deid
