#pragma once
#include "elements/base/gstdeidvideo.hpp"
#include <mutex>
#include <utility>

namespace deid {

/// The part that elements share that stand on one of GStreamer's own base classes (GstPushSrc, GstBaseSink,
/// GstBaseTransform): an instance that holds one C++ object, properties behind its lock, and the registered
/// type. Parent, ParentClass: the base's structures. `Inside` is the object's class, in an anonymous
/// namespace:
///   std::mutex mutex; guards the property values
///   bool set(guint id, const GValue*); false: unknown property; called with the lock held
///   bool get(guint id, GValue*) const; the same
template <class Inside, class Parent, class ParentClass> class PlainShell {
public:
  struct Instance {
    Parent parent;
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
  }
  /// begin: sets up the instance, when there is anything to set up; its inside is there already.
  static GType type(GType base, const char* name, GClassInitFunc class_init,
                    void (*begin)(Parent*) = nullptr) {
    begin_ = begin;
    return type_once(name, [&] {
      return g_type_register_static_simple(base, name, sizeof(ParentClass), class_init, sizeof(Instance),
                                           init, static_cast<GTypeFlags>(0));
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
  static void init(GTypeInstance* instance, gpointer) {
    auto* own = reinterpret_cast<Instance*>(instance);
    own->inside = new Inside;
    if (begin_ != nullptr)
      begin_(&own->parent);
  }
  static void finalize(GObject* object) {
    delete std::exchange(reinterpret_cast<Instance*>(object)->inside, nullptr);
    G_OBJECT_CLASS(above_)->finalize(object);
  }
  static inline gpointer above_ = nullptr;
  static inline void (*begin_)(Parent*) = nullptr;
};

} // namespace deid
