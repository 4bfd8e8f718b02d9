// property-tables [--check] FOLDER: writes the property tables of the pages FOLDER/<element>.md, or with
// --check only compares them. Exit status 1 when a page is not what would be written.
#include "tests/docs/property_tables.hpp"
#include <cstdio>
#include <fstream>
#include <gst/gst.h>
#include <sstream>

namespace {

std::string read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Returns the table of the element "deid" + name. Throws PageError when there is no such element.
std::string table_of_element(const std::string& name) {
  GstElement* made = gst_element_factory_make(("deid" + name).c_str(), nullptr);
  if (made == nullptr)
    throw deid::docs::PageError("There is no element deid" + name + "; is GST_PLUGIN_PATH set?");
  std::string table = deid::docs::table_of(G_OBJECT(made));
  gst_object_unref(made);
  return table;
}

/// Returns whether the page is as it should be.
bool treat(const std::string& folder, const std::string& name, bool check) {
  const std::string file = folder + "/" + name + ".md", page = read(file);
  const std::string wanted = deid::docs::with_table(page, table_of_element(name));
  if (page == wanted)
    return true;
  if (check) {
    std::fprintf(stderr,
                 "%s: its property table is not what the element says; run "
                 "./meson-free-scripts/property-tables\n",
                 file.c_str());
    return false;
  }
  return static_cast<bool>(std::ofstream(file, std::ios::binary) << wanted << std::flush);
}

} // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const bool check = argc > 1 && std::string(argv[1]) == "--check";
  if (argc != (check ? 3 : 2)) {
    std::fputs("usage: property-tables [--check] FOLDER\n", stderr);
    return 2;
  }
  bool fine = true;
  for (const std::string_view name : deid::docs::elements)
    try {
      fine = treat(argv[argc - 1], std::string(name), check) && fine;
    } catch (const deid::docs::PageError& e) {
      std::fprintf(stderr, "%s/%s.md: %s\n", argv[argc - 1], std::string(name).c_str(), e.what());
      fine = false;
    }
  return fine ? 0 : 1;
}
