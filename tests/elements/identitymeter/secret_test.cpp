// Data that could name a person is overwritten before its memory is freed. The test looks at the memory in
// that moment.
#include "elements/measures/identity/ledger.hpp"
#include "elements/meta/original_meta.hpp"
#include "tests/elements/identitymeter/made.hpp"
#include <cstdlib>
#include <gtest/gtest.h>

namespace {

constexpr std::uint8_t mark = 0xA7;
thread_local bool watching = false;
thread_local int blocks_seen = 0, marks_left = 0;
thread_local std::size_t watched_size = 0;

/// Called with memory that is not freed yet.
void look(const void* memory, std::size_t size) {
  if (!watching || size != watched_size)
    return;
  ++blocks_seen;
  for (std::size_t i = 0; i < size; ++i)
    marks_left += static_cast<const std::uint8_t*>(memory)[i] != 0 ? 1 : 0;
}

} // namespace

void* operator new(std::size_t size) {
  auto* memory = static_cast<std::size_t*>(std::malloc(size + 2 * sizeof(std::size_t)));
  if (memory == nullptr)
    throw std::bad_alloc();
  *memory = size;
  return memory + 2;
}
void operator delete(void* memory) noexcept {
  if (memory == nullptr)
    return;
  auto* start = static_cast<std::size_t*>(memory) - 2;
  look(memory, *start);
  std::free(start);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

namespace deid {
namespace {

constexpr std::size_t length = 16875; // not a descriptor's, so that no other block has this size
constexpr std::size_t bytes_of_it = length * sizeof(float);

class Wiped : public testing::Test {
protected:
  void SetUp() override {
    gst_init(nullptr, nullptr);
    watched_size = bytes_of_it;
    blocks_seen = marks_left = 0;
    watching = true;
  }
  void TearDown() override { watching = false; }
  static GstBuffer* buffer_with_a_face() {
    OriginalFaces faces{64, 48, 0, true, {}};
    faces.faces.emplace_back().descriptor.assign(length, .1F);
    GstBuffer* buffer = gst_buffer_new();
    attach_originals(buffer, std::move(faces));
    return buffer;
  }
};

// Tests the test: it notices memory that is not wiped.
TEST_F(Wiped, AnOrdinaryVectorLeavesItsMarks) {
  { const std::vector<std::uint8_t> plain(bytes_of_it, mark); }
  EXPECT_EQ(blocks_seen, 1);
  EXPECT_EQ(marks_left, static_cast<int>(bytes_of_it));
}

TEST_F(Wiped, TheFaceWhenTheBufferIsFreed) {
  GstBuffer* buffer = buffer_with_a_face();
  EXPECT_EQ(find_originals(buffer)->faces.at(0).descriptor.size(), length);
  gst_buffer_unref(buffer);
  EXPECT_GE(blocks_seen, 1);
  EXPECT_EQ(marks_left, 0);
}

TEST_F(Wiped, TheFaceOfACopyToo) {
  GstBuffer* buffer = buffer_with_a_face();
  GstBuffer* copy = gst_buffer_copy(buffer);
  ASSERT_NE(find_originals(copy), nullptr);
  gst_buffer_unref(buffer);
  const int before = blocks_seen;
  gst_buffer_unref(copy);
  EXPECT_GT(blocks_seen, before);
  EXPECT_EQ(marks_left, 0);
}

TEST_F(Wiped, TheFaceThatIsReplacedOrTakenAway) {
  GstBuffer* buffer = buffer_with_a_face();
  attach_originals(buffer, {64, 48, 1, true, {}});
  EXPECT_GE(blocks_seen, 1);
  EXPECT_EQ(marks_left, 0);
  EXPECT_EQ(find_originals(buffer)->number, 1U);
  remove_originals(buffer);
  EXPECT_EQ(find_originals(buffer), nullptr);
  gst_buffer_unref(buffer);
}

TEST_F(Wiped, AlsoWhenAVectorGrows) {
  SecretBytes bytes(bytes_of_it, mark);
  bytes.push_back(mark);
  EXPECT_EQ(blocks_seen, 1);
  EXPECT_EQ(marks_left, 0);
}

TEST_F(Wiped, TheMeansOfALedger) {
  watched_size = 128 * sizeof(double);
  {
    identity::Ledger ledger(.6);
    models::Descriptor face{};
    face.fill(.1F);
    ledger.add({.id = 1, .original = face, .deidentified = face});
    EXPECT_EQ(ledger.faces(), 1U);
  }
  EXPECT_GE(blocks_seen, 1);
  EXPECT_EQ(marks_left, 0);
}

} // namespace
} // namespace deid
