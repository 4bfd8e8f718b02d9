// libgstdeidvolume.so: elements that read, remodel, draw and write scans.
#include "elements/dicom/gstdicomsink.hpp"
#include "elements/dicom/gstdicomsrc.hpp"
#include "elements/mriremodel/gstmriremodel.hpp"
#include "elements/nifti/gstniftisink.hpp"
#include "elements/nifti/gstniftisrc.hpp"
#include "elements/volumerender/gstvolumerender.hpp"
#include "plugins/nameguard/nameguard.hpp"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  static const deid::plugins::OfferedElement offered[] = {
      {"niftisrc", "deidniftisrc", gst_deid_nifti_src_get_type(), false},
      {"niftisink", "deidniftisink", gst_deid_nifti_sink_get_type(), false},
      {"dicomsrc", "deiddicomsrc", gst_deid_dicom_src_get_type(), false},
      {"dicomsink", "deiddicomsink", gst_deid_dicom_sink_get_type(), false},
      {"mriremodel", "deidmriremodel", gst_deid_mri_remodel_get_type(), false},
      {"volumerender", "deidvolumerender", gst_deid_volume_render_get_type(), false},
  };
  return deid::plugins::register_elements(plugin, offered) ? TRUE : FALSE;
}

} // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, deidvolume,
                  "Reads, remodels, draws and writes scans of heads", plugin_init, DEID_VERSION, "LGPL",
                  PACKAGE, "gst-deid")
