// Faults in real pipelines on real footage: under no fault an original face pixel leaves.
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/facemask/gstfacemask.hpp"
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  gst_element_register(nullptr, "deidfacedetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
  gst_element_register(nullptr, "deidfacemask", GST_RANK_NONE, gst_deid_face_mask_get_type());
  gst_element_register(nullptr, "deidfaceblur", GST_RANK_NONE, gst_deid_face_blur_get_type());
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
