#include "elements/oksmeter/stats.hpp"

namespace deid::oksmeter {

GstStructure* structure_of(const char* name, const Summary& s) {
  const auto& stats = s.scores.stats;
  return gst_structure_new(
      name, "frames", G_TYPE_UINT64, static_cast<guint64>(s.frames), "only-original", G_TYPE_UINT64,
      static_cast<guint64>(s.only_original), "only-deidentified", G_TYPE_UINT64,
      static_cast<guint64>(s.only_deidentified), "people", G_TYPE_UINT64, static_cast<guint64>(s.people),
      "missing-people", G_TYPE_UINT64, static_cast<guint64>(s.missing_people), "extra-people", G_TYPE_UINT64,
      static_cast<guint64>(s.extra_people), "median-oks", G_TYPE_DOUBLE, s.median, "ap", G_TYPE_DOUBLE,
      stats[0], "ap50", G_TYPE_DOUBLE, stats[1], "ap75", G_TYPE_DOUBLE, stats[2], "ap95", G_TYPE_DOUBLE,
      s.scores.ap95, "ar", G_TYPE_DOUBLE, stats[5], "ar50", G_TYPE_DOUBLE, stats[6], "ar75", G_TYPE_DOUBLE,
      stats[7], "ar95", G_TYPE_DOUBLE, s.scores.ar95, nullptr);
}

} // namespace deid::oksmeter
