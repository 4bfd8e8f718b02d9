// Makes GLib's locks and GStreamer's reference counts visible to ThreadSanitizer. They are futexes and
// atomics in libraries that are built without it, so it would report the data they protect as races. Loaded
// before the programs (LD_PRELOAD). Does nothing in programs without the sanitizer.
#include <dlfcn.h>
#include <gst/gst.h>

extern "C" {
void __tsan_acquire(void* address) __attribute__((weak));
void __tsan_release(void* address) __attribute__((weak));
}

namespace {

void acquired(void* lock) {
  if (__tsan_acquire != nullptr)
    __tsan_acquire(lock);
}
void releasing(void* lock) {
  if (__tsan_release != nullptr)
    __tsan_release(lock);
}

/// The function of this name in the next library.
template <typename Function> Function* next(Function* /*type*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

#define TAKES(function, type)                                                                                \
  void function(type* lock) {                                                                                \
    static const auto real = next(&function, #function);                                                     \
    real(lock);                                                                                              \
    acquired(lock);                                                                                          \
  }
#define TRIES(function, type)                                                                                \
  gboolean function(type* lock) {                                                                            \
    static const auto real = next(&function, #function);                                                     \
    const gboolean taken = real(lock);                                                                       \
    if (taken)                                                                                               \
      acquired(lock);                                                                                        \
    return taken;                                                                                            \
  }
#define GIVES(function, type)                                                                                \
  void function(type* lock) {                                                                                \
    static const auto real = next(&function, #function);                                                     \
    releasing(lock);                                                                                         \
    real(lock);                                                                                              \
  }

extern "C" {

TAKES(g_mutex_lock, GMutex)
TRIES(g_mutex_trylock, GMutex)
GIVES(g_mutex_unlock, GMutex)
TAKES(g_rec_mutex_lock, GRecMutex)
TRIES(g_rec_mutex_trylock, GRecMutex)
GIVES(g_rec_mutex_unlock, GRecMutex)
TAKES(g_rw_lock_writer_lock, GRWLock)
TRIES(g_rw_lock_writer_trylock, GRWLock)
GIVES(g_rw_lock_writer_unlock, GRWLock)
TAKES(g_rw_lock_reader_lock, GRWLock)
TRIES(g_rw_lock_reader_trylock, GRWLock)
GIVES(g_rw_lock_reader_unlock, GRWLock)

void g_cond_wait(GCond* cond, GMutex* mutex) {
  static const auto real = next(&g_cond_wait, "g_cond_wait");
  releasing(mutex);
  real(cond, mutex);
  acquired(mutex);
}

gboolean g_cond_wait_until(GCond* cond, GMutex* mutex, gint64 end_time) {
  static const auto real = next(&g_cond_wait_until, "g_cond_wait_until");
  releasing(mutex);
  const gboolean woken = real(cond, mutex, end_time);
  acquired(mutex);
  return woken;
}

// An unref ends the use of an object by this thread. The thread with the last reference may then write to the
// object or free it.
void gst_mini_object_unref(GstMiniObject* object) {
  static const auto real = next(&gst_mini_object_unref, "gst_mini_object_unref");
  acquired(object);
  releasing(object);
  real(object);
}

gboolean gst_mini_object_is_writable(const GstMiniObject* object) {
  static const auto real = next(&gst_mini_object_is_writable, "gst_mini_object_is_writable");
  const gboolean alone = real(object);
  acquired(const_cast<GstMiniObject*>(object));
  return alone;
}

GstMiniObject* gst_mini_object_make_writable(GstMiniObject* object) {
  static const auto real = next(&gst_mini_object_make_writable, "gst_mini_object_make_writable");
  acquired(object);
  releasing(object);
  return real(object);
}

} // extern "C"
