// A remodelling that changes nothing: `deid run` reads the result back, refuses it, and leaves no file.
#include "elements/volume/nifti/writer.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/scan/run.hpp"
#include "tests/elements/dicom/made.hpp"
#include <fstream>
#include <gmock/gmock.h>
#include <gst/base/gstbasetransform.h>
#include <gtest/gtest.h>

namespace {

// A stand-in for mriremodel that passes the scan on and says in its report that all is well.
struct Lazy {
  GstBaseTransform parent;
};
struct LazyClass {
  GstBaseTransformClass parent_class;
};
enum { prop_method = 1, prop_report };

G_DEFINE_TYPE(Lazy, lazy, GST_TYPE_BASE_TRANSFORM)

void set_lazily(GObject*, guint id, const GValue* value, GParamSpec*) {
  if (id == prop_report)
    std::ofstream(g_value_get_string(value)) << "{}";
}

GstFlowReturn pass(GstBaseTransform*, GstBuffer*) {
  return GST_FLOW_OK;
}

void lazy_class_init(LazyClass* type) {
  G_OBJECT_CLASS(type)->set_property = set_lazily;
  const auto writable = static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  for (const auto& [id, name] : {std::pair(prop_method, "method"), std::pair(prop_report, "report")})
    g_object_class_install_property(G_OBJECT_CLASS(type), static_cast<guint>(id),
                                    g_param_spec_string(name, name, name, nullptr, writable));
  for (const auto& [name, direction] : {std::pair("sink", GST_PAD_SINK), std::pair("src", GST_PAD_SRC)}) {
    GstCaps* caps = gst_caps_new_any();
    gst_element_class_add_pad_template(GST_ELEMENT_CLASS(type),
                                       gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps));
    gst_caps_unref(caps);
  }
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(type), "Lazy", "Filter", "Changes nothing", "test");
  GST_BASE_TRANSFORM_CLASS(type)->transform_ip = pass;
}

void lazy_init(Lazy* self) {
  gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
}

} // namespace

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct AScanThatDidNotChange : ::testing::Test {
  const Scratch scratch{};

  void SetUp() override {
    gst_init(nullptr, nullptr);
    const fs::path plugin = cli::find_plugin().parent_path() / "libgstdeidvolume.so";
    GstPlugin* loaded = gst_plugin_load_file(plugin.c_str(), nullptr);
    ASSERT_NE(loaded, nullptr) << plugin;
    gst_object_unref(loaded);
    ASSERT_TRUE(gst_element_register(nullptr, "deidmriremodel", GST_RANK_NONE, lazy_get_type()));
  }

  /// What the run says; the test fails when it leaves anything beside the input.
  [[nodiscard]] std::string refused(const std::string& input, const std::string& output) const {
    cli::RunOptions options;
    options.inputs = {scratch.path() / input};
    options.output = scratch.path() / output;
    options.audit = scratch.path() / "audit.json";
    options.quiet = true;
    std::string why;
    try {
      static_cast<void>(cli::run_scan(options, input));
    } catch (const cli::Failure& e) {
      why = e.what();
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(scratch.path()))
      EXPECT_EQ(entry.path().filename(), input) << "is left";
    return why;
  }
};

TEST_F(AScanThatDidNotChange, IsRefusedAsADicomSeries) {
  dicom::test::make_series(scratch.path() / "in");
  EXPECT_THAT(refused("in", "out"), HasSubstr("is the original one"));
}

TEST_F(AScanThatDidNotChange, IsRefusedAsANiftiFile) {
  volume::Description about{.format = volume::Format::u8, .size = {20, 20, 20}};
  about.spacing = {2, 2, 2};
  for (std::size_t axis = 0; axis < 3; ++axis)
    about.to_world[axis][axis] = 2;
  about.oriented = true;
  std::vector<std::byte> voxels(about.bytes());
  for (std::size_t i = 0; i < voxels.size(); ++i)
    voxels[i] = static_cast<std::byte>(i % 251);
  nifti::FileWriter writer(scratch.path() / "in.nii.gz", nifti::header_for(about), 1);
  writer.write(voxels);
  writer.commit();
  EXPECT_THAT(refused("in.nii.gz", "out.nii.gz"), HasSubstr("is the original one"));
}

} // namespace
} // namespace deid::test
