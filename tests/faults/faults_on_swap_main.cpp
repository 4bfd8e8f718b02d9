// The same faults with a swap instead of the mask. deidfacemask is faceswap here, with a face of the bank and
// the target's eyes, so that nothing of the face is kept on purpose but the inside of an open mouth.
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/faceswap/gstfaceswap.hpp"
#include <gst/gst.h>
#include <gtest/gtest.h>

namespace {

void set_eyes(GTypeInstance* instance, gpointer) {
  gst_util_set_object_arg(G_OBJECT(instance), "eyes", "target");
  gst_util_set_object_arg(G_OBJECT(instance), "target", DEID_DEPS_DIR "/targets/nobody-1.json");
}

GType swap_as_mask() {
  GTypeQuery parent;
  g_type_query(gst_deid_face_swap_get_type(), &parent);
  return g_type_register_static_simple(gst_deid_face_swap_get_type(), "DeidTestSwapAsMask", parent.class_size,
                                       nullptr, parent.instance_size, set_eyes, GTypeFlags{});
}

} // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  gst_element_register(nullptr, "deidfacedetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
  gst_element_register(nullptr, "deidfacemask", GST_RANK_NONE, swap_as_mask());
  gst_element_register(nullptr, "deidfaceblur", GST_RANK_NONE, gst_deid_face_blur_get_type());
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
