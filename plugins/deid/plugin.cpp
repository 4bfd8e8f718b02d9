// libgstdeid.so: elements that find faces, cover or replace them, scrub sound, and measure who can still be
// recognised.
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/facemask/gstfacemask.hpp"
#include "elements/facerevise/gstfacerevise.hpp"
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/identitymeter/gstidentitymeter.hpp"
#include "elements/scrub/gstscrub.hpp"
#include "plugins/nameguard/nameguard.hpp"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  static const deid::plugins::OfferedElement offered[] = {
      {"facedetect", "deidfacedetect", gst_deid_face_detect_get_type(), true},
      {"faceblur", "deidfaceblur", gst_deid_face_blur_get_type(), true},
      {"facemask", "deidfacemask", gst_deid_face_mask_get_type(), false},
      {"faceswap", "deidfaceswap", gst_deid_face_swap_get_type(), false},
      {"facerevise", "deidfacerevise", gst_deid_face_revise_get_type(), false},
      {"scrub", "deidscrub", gst_deid_scrub_get_type(), false},
      {"identitymeter", "deididentitymeter", gst_deid_identity_meter_get_type(), false},
  };
  return deid::plugins::register_elements(plugin, offered) ? TRUE : FALSE;
}

} // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, deid,
                  "Finds faces in video and covers them, failing closed", plugin_init, DEID_VERSION, "LGPL",
                  PACKAGE, "gst-deid")
