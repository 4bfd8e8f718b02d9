/// SECTION:element-mriremodel
///
/// Gives the head in a scan another face; the brain stays bit by bit. See docs/mriremodel.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deidniftisrc location=in.nii.gz ! deidmriremodel ! deidniftisink location=out.nii.gz
#include "elements/mriremodel/gstmriremodel.hpp"
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/mriremodel/report.hpp"
#include "elements/mriremodel/resources.hpp"
#include "elements/volume/anatomy/protection.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "models/files/whole_file.hpp"
#include <gst/base/gstbasetransform.h>
#include <string>

GST_DEBUG_CATEGORY_STATIC(mri_remodel_debug);
#define GST_CAT_DEFAULT mri_remodel_debug

namespace {

namespace mriremodel = deid::mriremodel;
using deid::Mutable;

// --- properties ---

struct Settings {
  mriremodel::Settings remodel{};
  std::string template_folder, heads, report;
};

GType method_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(mriremodel::Method::random), "A head drawn by chance, the farthest of several",
       "random"},
      {static_cast<int>(mriremodel::Method::average), "The mean head of the population", "average"},
      {static_cast<int>(mriremodel::Method::zero), "The face is set to nothing; for comparison", "zero"},
      {static_cast<int>(mriremodel::Method::quickshear),
       "All before a plane is set to nothing; for comparison", "quickshear"},
      {static_cast<int>(mriremodel::Method::blur), "The face is blurred; for comparison", "blur"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidRemodelMethod", values);
  return type;
}

GType modality_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(mriremodel::Modality::guessed), "By the values", "auto"},
      {static_cast<int>(mriremodel::Modality::mr), "Magnetic resonance: air is dark, skin is bright", "mr"},
      {static_cast<int>(mriremodel::Modality::ct), "Computed tomography in Hounsfield units", "ct"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidScanModality", values);
  return type;
}

void add_head(deid::PropertyTable<Settings>& all) {
  all.choice(
      {"method", "Method", "What happens to the face"}, Mutable::ready, method_type,
      [](auto& s) -> auto& { return s.remodel.method; });
  all.number(
      {"seed", "Seed",
       "Number that decides about the new head, a secret: who knows it can draw the same head; 0 draws one "
       "by "
       "chance and tells it to nobody [0..2^64-1]"},
      Mutable::ready, [](auto& s) -> auto& { return s.remodel.seed; }, 0, G_MAXUINT64);
  all.number(
      {"candidates", "Candidates", "Heads of which the one is taken that is least like the person [8..64]"},
      Mutable::ready, [](auto& s) -> auto& { return s.remodel.candidates; }, 8, 64);
  all.choice(
      {"modality", "Modality", "What the values mean"}, Mutable::ready, modality_type,
      [](auto& s) -> auto& { return s.remodel.modality; });
}

const deid::PropertyTable<Settings>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Settings> all;
    add_head(all);
    all.text(
        {"template-folder", "Template folder",
         "Folder with the template of a head, ch2.nii.gz and ch2bet.nii.gz (empty: mricron-data's)"},
        Mutable::ready, [](auto& s) -> auto& { return s.template_folder; });
    all.text(
        {"heads", "Heads", "File of head shapes (empty: the one that set-up made)"}, Mutable::ready,
        [](auto& s) -> auto& { return s.heads; });
    all.text(
        {"report", "Report",
         "File that gets one JSON line a scan: what was done, and the proof (empty: none)"},
        Mutable::ready, [](auto& s) -> auto& { return s.report; });
    return all;
  }();
  return table;
}
constexpr guint stats_id = 8;

struct Inside {
  std::mutex mutex{}; ///< guards settings and last
  Settings settings{};
  std::string last{}; ///< the report of the last scan
  Settings now{};     ///< of this run; streaming thread, as all below
  std::optional<mriremodel::Resources> resources{};
  std::string reports{};

  bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
  bool get(guint id, GValue* value) const {
    if (id != stats_id)
      return properties().get(settings, id, value);
    g_value_take_boxed(value, gst_structure_new("stats", "report", G_TYPE_STRING, last.c_str(), nullptr));
    return true;
  }
};

using Shell = deid::PlainShell<Inside, GstBaseTransform, GstBaseTransformClass>;

// --- flow ---

[[noreturn]] void refuse(const std::exception& error) {
  throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, error.what(),
                           "the scan is not passed on");
}

/// Each of these says a whole sentence.
template <class Work> auto or_refuse(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const mriremodel::RemodelError& error) {
    refuse(error);
  } catch (const mriremodel::PeopleError& error) {
    refuse(error);
  } catch (const deid::volume::RegistrationError& error) {
    refuse(error);
  } catch (const deid::volume::ProtectionError& error) {
    refuse(error);
  }
}

void write_report(const Inside& inside) {
  if (inside.now.report.empty())
    return;
  deid::files::write_whole(inside.now.report, inside.reports, 0600);
}

/// A sink writes it into a header that has a place for it.
void say_face_changed(GstBuffer* buffer) {
  deid::volume::Attached attached = *deid::volume::find(buffer);
  attached.face_changed = true;
  deid::volume::attach(buffer, std::move(attached));
}

/// Changes the buffer's voxels.
mriremodel::Report remodel(Inside& inside, GstBuffer* buffer) {
  const deid::volume::MappedVolume volume(buffer, static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_WRITE));
  return or_refuse([&] {
    if (!inside.resources)
      inside.resources =
          mriremodel::load(inside.now.template_folder, inside.now.heads, inside.now.remodel.method);
    return mriremodel::remodel(volume.attached().about, volume.writable(), *inside.resources,
                               inside.now.remodel);
  });
}

GstFlowReturn transform_ip(GstBaseTransform* trans, GstBuffer* buffer) {
  return deid::guarded(GST_ELEMENT(trans), [&] {
    Inside& inside = Shell::inside(trans);
    const mriremodel::Report report = remodel(inside, buffer);
    if (mriremodel::gives_a_head(report.method))
      say_face_changed(buffer);
    const std::string line = mriremodel::to_json(report);
    inside.reports += line;
    write_report(inside);
    GST_INFO_OBJECT(trans, "%zu of %zu voxels changed, %zu kept", report.changed, report.voxels, report.kept);
    const std::lock_guard lock(inside.mutex);
    inside.last = line;
    return GST_FLOW_OK;
  });
}

gboolean start(GstBaseTransform* trans) {
  Inside& inside = Shell::inside(trans);
  const std::lock_guard lock(inside.mutex);
  inside.now = inside.settings;
  inside.reports.clear();
  return TRUE;
}

gboolean stop(GstBaseTransform* trans) {
  Shell::inside(trans).resources.reset();
  return TRUE;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(mri_remodel_debug, "deidmriremodel", 0, "gives scanned heads another face");
  Shell::set_up(klass);
  auto* object_class = G_OBJECT_CLASS(klass);
  properties().install(object_class);
  g_object_class_install_property(
      object_class, stats_id,
      g_param_spec_boxed("stats", "Statistics", "The report of the last scan", GST_TYPE_STRUCTURE,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Head remodeller", "Filter/Effect",
                                        "Gives the head in a scan another face and keeps the brain",
                                        "gst-deid developers");
  const deid::Ref<GstCaps> volumes(gst_caps_from_string(DEID_VOLUME_CAPS));
  for (const auto& [name, direction] : {std::pair{"sink", GST_PAD_SINK}, std::pair{"src", GST_PAD_SRC}})
    gst_element_class_add_pad_template(element_class,
                                       gst_pad_template_new(name, direction, GST_PAD_ALWAYS, volumes.get()));
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->transform_ip = transform_ip;
  transform_class->start = start;
  transform_class->stop = stop;
}

void begin(GstBaseTransform* trans) {
  gst_base_transform_set_in_place(trans, TRUE);
  gst_base_transform_set_passthrough(trans, FALSE);
  gst_base_transform_set_gap_aware(trans, FALSE);
}

} // namespace

GType gst_deid_mri_remodel_get_type() {
  static const GType type = Shell::type(GST_TYPE_BASE_TRANSFORM, "GstDeidMriRemodel", class_init, begin);
  return type;
}
