// libgstdeidpose.so: elements that find body points and compare those of result and original.
#include "elements/oksmeter/gstoksmeter.hpp"
#include "elements/posedetect/gstposedetect.hpp"
#include "plugins/nameguard/nameguard.hpp"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  static const deid::plugins::OfferedElement offered[] = {
      {"posedetect", "deidposedetect", gst_deid_pose_detect_get_type(), false},
      {"oksmeter", "deidoksmeter", gst_deid_oks_meter_get_type(), false},
  };
  return deid::plugins::register_elements(plugin, offered) ? TRUE : FALSE;
}

} // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, deidpose,
                  "Finds body points in video and measures how de-identification changes them", plugin_init,
                  DEID_VERSION, "LGPL", PACKAGE, "gst-deid")
