// Files that are cut, damaged or lie are refused with a sentence; nothing that could name a person is
// written.
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "tests/elements/nifti/made.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace deid::nifti {
namespace {

using namespace test;
using testing::HasSubstr;

std::string refusal(const std::string& file, const std::string* voxels = nullptr) {
  try {
    auto second = voxels == nullptr ? nullptr : open_memory(std::as_bytes(std::span(*voxels)));
    (void)read(open_memory(std::as_bytes(std::span(file))), std::move(second));
  } catch (const FileError& error) {
    return error.what();
  }
  return "it was read";
}

template <class Change> std::string refusal_with(Change&& change) {
  Raw1 raw;
  change(raw);
  return refusal(single(raw));
}

TEST(Hostile, AFileThatIsCutAnywhereIsRefused) {
  for (const std::string& whole : {single(), packed(single())}) {
    ASSERT_EQ(refusal(whole), "it was read");
    for (std::size_t length = 0; length < whole.size(); ++length)
      EXPECT_NE(refusal(whole.substr(0, length)), "it was read") << length << " of " << whole.size();
  }
}

/// A bit that changes nothing that is unpacked (padding, say) is no damage: gzip's checksum is over the
/// content.
TEST(Hostile, ADamagedByteOfAGzipFileNeverChangesAVoxel) {
  const std::string whole = packed(single());
  int refused = 0;
  for (std::size_t at = 10; at < whole.size(); ++at) { // gzip's own header has bytes without meaning
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    if (refusal(damaged) != "it was read") {
      ++refused;
      continue;
    }
    const Reading reading = read(open_memory(std::as_bytes(std::span(damaged))), nullptr);
    EXPECT_EQ(std::memcmp(reading.volume.voxels.data(), pattern(48).data(), 48), 0) << at;
    EXPECT_EQ(std::memcmp(to_bytes(reading.header, false).data(), single().data(), 352), 0) << at;
  }
  EXPECT_GT(refused, static_cast<int>(whole.size()) - 16);
}

TEST(Hostile, SentencesSayWhatIsWrong) {
  EXPECT_EQ(refusal(""), "it is empty or ends in the header");
  EXPECT_EQ(refusal(std::string(1000, 'x')), "it is not a NIfTI file");
  EXPECT_EQ(refusal(single() + "x"), "it has more voxels than its header states");
  EXPECT_EQ(refusal(single({}, pattern(40))), "it has 40 bytes of voxels, but its header states 48");
  EXPECT_EQ(refusal(packed(single()).substr(0, 60)), "its gzip data ends too early");
  EXPECT_EQ(refusal_with([](Raw1& h) { h.dim[0] = 9; }), "its header states 9 dimensions");
  EXPECT_EQ(refusal_with([](Raw1& h) { h.dim[2] = 0; }), "its header states 0 voxels along axis 2");
  EXPECT_EQ(refusal_with([](Raw1& h) { h.dim[2] = -3; }), "its header states -3 voxels along axis 2");
  EXPECT_THAT(refusal_with([](Raw1& h) { h.dim[0] = 4, h.dim[4] = 5; }), HasSubstr("several volumes"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.datatype = 128, h.bitpix = 24; }), HasSubstr("colours"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.datatype = 2304, h.bitpix = 32; }), HasSubstr("colours"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.datatype = 32, h.bitpix = 64; }), HasSubstr("the type 32"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.datatype = 1, h.bitpix = 1; }), HasSubstr("the type 1;"));
  EXPECT_EQ(refusal_with([](Raw1& h) { h.bitpix = 8; }),
            "its header states voxels of 8 bits, but a type of 16");
  EXPECT_THAT(refusal_with([](Raw1& h) { std::memset(h.magic, 0, 4); }), HasSubstr("ANALYZE"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.magic[2] = '9'; }), HasSubstr("not a NIfTI file"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.pixdim[2] = 0; }), HasSubstr("no length"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.pixdim[2] = -1; }), HasSubstr("no length"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.srow_y[1] = 0; }), HasSubstr("flattens"));
  EXPECT_THAT(refusal_with([](Raw1& h) { h.srow_y[1] = std::numeric_limits<float>::quiet_NaN(); }),
              HasSubstr("not a number"));
}

TEST(Hostile, OffsetsThatLieAreRefused) {
  const auto at = [](float offset) { return refusal_with([&](Raw1& h) { h.vox_offset = offset; }); };
  EXPECT_THAT(at(0), HasSubstr("inside the header"));
  EXPECT_THAT(at(348), HasSubstr("inside the header"));
  EXPECT_THAT(at(352.5), HasSubstr("no usable place"));
  EXPECT_THAT(at(-352), HasSubstr("no usable place"));
  EXPECT_THAT(at(std::numeric_limits<float>::quiet_NaN()), HasSubstr("no usable place"));
  EXPECT_THAT(at(std::numeric_limits<float>::infinity()), HasSubstr("more than 64 MiB"));
  EXPECT_THAT(at(2e9F), HasSubstr("more than 64 MiB"));
  EXPECT_EQ(at(1e6F), "it ends before the voxels");
}

/// 32767^3 voxels of 8 bytes: the header alone must not take memory.
TEST(Hostile, AGridThatIsTooLargeIsRefused) {
  EXPECT_EQ(refusal_with([](Raw1& h) {
              h.dim[1] = h.dim[2] = h.dim[3] = 32767;
              h.datatype = 64, h.bitpix = 64;
            }),
            "its grid would take more than 4 GiB");
  Raw2 raw;
  raw.dim[1] = std::int64_t{1} << 40;
  EXPECT_THAT(refusal(text_of(raw) + std::string(52, '\0')), HasSubstr("voxels along axis 1"));
  raw.dim[1] = 1024, raw.dim[2] = 1024, raw.dim[3] = 2000; // 4 GiB but for a little, in a file of 600 bytes
  EXPECT_EQ(refusal(text_of(raw) + std::string(52, '\0')),
            "it has 48 bytes of voxels, but its header states 4194304000");
}

TEST(Hostile, APairNeedsItsSecondFile) {
  Raw1 raw;
  std::memcpy(raw.magic, "ni1", 4);
  raw.vox_offset = 0;
  const std::string header = text_of(raw) + std::string(4, '\0');
  EXPECT_THAT(refusal(header), HasSubstr("second file"));
  const std::string voxels = pattern(47);
  EXPECT_THAT(refusal(header, &voxels), HasSubstr("47 bytes of voxels"));
  const deid::test::Scratch scratch;
  write(scratch.path() / "a.hdr", header);
  EXPECT_THROW((void)read_file(scratch.path() / "a.hdr"), FileError);
  write(scratch.path() / "a.img", pattern(48));
  EXPECT_EQ(read_file(scratch.path() / "a.img").volume.voxels.size(), 48U);
}

TEST(Hostile, TheSentenceNamesTheFile) {
  const deid::test::Scratch scratch;
  try {
    (void)read_file(scratch.path() / "none.nii");
    FAIL();
  } catch (const FileError& error) {
    EXPECT_EQ(std::string(error.what()),
              (scratch.path() / "none.nii").string() +
                  " cannot be read: it cannot be opened (No such file or directory).");
  }
  EXPECT_THROW((void)read_file(scratch.path()), FileError);
}

/// Every byte that is no voxel and no kept field is set; none of the texts comes out.
TEST(Scrub, NoTextOfAHeaderIsWritten) {
  Raw1 raw;
  std::memcpy(raw.data_type, "JANE DOE1", 9);
  std::memcpy(raw.db_name, "JANE DOE2 /home/x", 17);
  std::memcpy(raw.descrip, "JANE DOE3 10:31:07", 18);
  std::memcpy(raw.aux_file, "JANE DOE4", 9);
  std::memcpy(raw.intent_name, "JANE DOE5", 9);
  raw.extents = raw.glmax = raw.glmin = 20010203;
  raw.session_error = 7;
  raw.toffset = 3600;
  const std::string extension = "JANE DOE6 StudyDate 20010203 ...";
  raw.vox_offset = static_cast<float>(352 + extension.size());
  std::string file = text_of(raw) + std::string("\1\0\0\0", 4) + extension + pattern(48);
  const deid::test::Scratch scratch;
  write(scratch.path() / "in.nii.gz", packed(file, "jane_doe.nii", 1234567));
  const Reading reading = read_file(scratch.path() / "in.nii.gz");
  EXPECT_THAT(reading.dropped.fields,
              testing::UnorderedElementsAre("data_type", "db_name", "extents", "session_error", "toffset",
                                            "glmax", "glmin", "descrip", "aux_file", "intent_name",
                                            "gzip name", "gzip time"));
  EXPECT_EQ(reading.dropped.extension_bytes, extension.size());
  const auto out = scratch.path() / "out.nii.gz";
  FileWriter writer(out, reading.header, 6);
  writer.write(reading.volume.voxels);
  writer.commit();
  Raw1 clean;
  EXPECT_EQ(plain(out), single(clean));
  const std::string gzip = read(out);
  EXPECT_EQ(gzip.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8))
      << "neither name nor time in gzip's header";
}

TEST(Scrub, NoTextOfASecondVersionIsWritten) {
  Raw2 raw;
  std::memcpy(raw.descrip, "JANE", 4);
  std::memcpy(raw.aux_file, "JANE", 4);
  std::memcpy(raw.intent_name, "JANE", 4);
  std::memcpy(raw.unused_str, "JANE", 4);
  raw.toffset = 3600;
  const std::string file = text_of(raw) + std::string(4, '\0') + pattern(48);
  const Reading reading = read(open_memory(std::as_bytes(std::span(file))), nullptr);
  EXPECT_EQ(reading.dropped.fields.size(), 5U);
  const auto bytes = to_bytes(reading.header, false);
  EXPECT_EQ(std::memcmp(bytes.data(), text_of(Raw2{}).data(), 540), 0);
}

TEST(Writer, WithoutCommitThereIsNoFileAndAnOldOneStays) {
  const deid::test::Scratch scratch;
  const auto file = scratch.path() / "a.nii";
  const Header header = header_for({.size = {2, 2, 2}});
  {
    FileWriter writer(file, header, 6);
    writer.write(std::vector<std::byte>(8));
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  write(file, "old");
  {
    FileWriter writer(file, header, 6);
    writer.write(std::vector<std::byte>(7));
    EXPECT_THROW(writer.commit(), FileError);
  }
  EXPECT_EQ(read(file), "old");
}

TEST(Writer, NamesOfOtherFilesAreRefused) {
  const Header header = header_for({.size = {2, 2, 2}});
  EXPECT_THROW(FileWriter("/tmp/a.dcm", header, 6), FileError);
  EXPECT_THROW(FileWriter("/no/such/folder/a.nii", header, 6), FileError);
  for (const char* name : {"a.nii", "a.nii.gz", "a.hdr", "a.img", "a.img.gz"})
    EXPECT_TRUE(is_nifti_name(name)) << name;
  EXPECT_FALSE(is_nifti_name("a.gz"));
}

TEST(Writer, ANoteGoesIntoTheDescription) {
  const auto bytes = to_bytes(header_for({.size = {2, 2, 2}}), false, std::string(200, 'n'));
  const std::string text(reinterpret_cast<const char*>(bytes.data()) + 148, 80);
  EXPECT_EQ(text, std::string(79, 'n') + '\0');
}

} // namespace
} // namespace deid::nifti
