#pragma once
#include "elements/facerevise/gstfacerevise.hpp"
#include "elements/meta/wish_meta.hpp"
#include "elements/revision/revision.hpp"
#include "tests/elements/cover/stamped.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::test {

/// facerevise with a revision for 32 x 32 frames.
class FaceRevise : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }

  void begin(const revision::Revision& revision, const std::string& format = "GRAY8", int side = 32) {
    write(file, revision::text_of(revision));
    bench.emplace(gst_deid_face_revise_get_type(), "location", file.string());
    bench->caps(format, side, side);
  }
  static revision::Revision of(std::uint64_t frames, revision::Frame first, int side = 32) {
    revision::Revision revision{.frames = frames, .width = side, .height = side};
    revision.changes[0] = std::move(first);
    return revision;
  }
  static GstBuffer* at(GstBuffer* buffer, GstClockTime time) {
    GST_BUFFER_PTS(buffer) = time;
    return buffer;
  }
  bool end() { return gst_harness_push_event(bench->harness.get(), gst_event_new_eos()) != FALSE; }

  const Scratch scratch{};
  const std::filesystem::path file = scratch.path() / "revision.jsonl";
  const GstVideoInfo info = video_info("GRAY8", 32, 32);
  std::optional<Bench> bench{};
};

} // namespace deid::test
