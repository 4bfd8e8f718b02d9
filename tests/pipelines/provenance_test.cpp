// Statements about an input's making are found in every kind of file.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>
#include <gmock/gmock.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using cli::provenance_marks;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string uuid_of_jumbf("\x63\x32\x70\x61\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71", 16);
const std::string uuid_of_box("\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81", 16);

std::string big_endian(std::size_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string box(const std::string& type, const std::string& body) {
  return big_endian(body.size() + 8, 4) + type + body;
}

/// A C2PA store without a claim: a JUMBF superbox with its description.
const std::string store = box("jumb", box("jumd", uuid_of_jumbf + "\x03" + "c2pa" + std::string(1, '\0')));

std::string xmp(const std::string& property) {
  return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description " + property +
         "</rdf:RDF></x:xmpmeta>";
}

class Provenance : public ClipTest {
protected:
  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(dir / name, std::ios::binary) << bytes;
    return dir / name;
  }
  std::vector<std::string> marks(const std::string& bytes) const {
    return provenance_marks(write("x", bytes));
  }
};

TEST_F(Provenance, FormsOfTheDigitalSourceType) {
  const auto found = ElementsAre("IPTC digital source type: trainedAlgorithmicMedia");
  const std::string address = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  EXPECT_THAT(marks(xmp("Iptc4xmpExt:DigitalSourceType=\"" + address + "\"/>")), found);
  EXPECT_THAT(marks(xmp("Iptc4xmpExt:DigitalSourceType='" + address + "'/>")), found);
  EXPECT_THAT(marks(xmp("><Iptc4xmpExt:DigitalSourceType>" + address + "</Iptc4xmpExt:DigitalSourceType>")),
              found);
  EXPECT_THAT(marks(xmp("><Iptc4xmpExt:DigitalSourceType rdf:resource=\"" + address + "\"/>")), found);
  EXPECT_THAT(marks(xmp("Iptc4xmpExt:DigitalSourceType=\"trainedAlgorithmicMedia\"/>")), found);
  EXPECT_THAT(marks("\x71"
                    "digitalSourceType\x78\x46" +
                    address),
              found)
      << "as C2PA's assertions hold it";
  EXPECT_THAT(marks("SYNTHETIC-FACES:replaced-by-gst-deid/digitalSourceType:compositeSynthetic"),
              ElementsAre("IPTC digital source type: compositeSynthetic"))
      << "our own note";
  EXPECT_THAT(marks(xmp("Iptc4xmpExt:DigitalSourceType=\"JaneDoe\"/>")),
              ElementsAre("IPTC digital source type: a term that is not in IPTC's vocabulary"));
}

TEST_F(Provenance, ManifestsOfC2pa) {
  EXPECT_THAT(marks("\xff\xd8\xff\xeb" + big_endian(store.size() + 10, 2) + "JP" + big_endian(1, 2) +
                    big_endian(1, 4) + store),
              ElementsAre("C2PA manifest"))
      << "APP11 of JPEG";
  EXPECT_THAT(marks(box("ftyp", "isom") + box("uuid", uuid_of_box + "manifest")),
              ElementsAre("C2PA manifest"));
  EXPECT_THAT(marks(xmp("dcterms:provenance=\"https://clinic/manifest.c2pa\"/>")),
              ElementsAre("link to a C2PA manifest"));
}

TEST_F(Provenance, MarksAcrossTheBordersOfWhatIsReadAtOnce) {
  for (const std::size_t before :
       {(1U << 20) - 600U, (1U << 20) - 520U, (1U << 20) - 500U, (1U << 20) - 8U, 1U << 20, (2U << 20) - 20U})
    EXPECT_THAT(marks(std::string(before, 'j') + box("uuid", uuid_of_box) + "DigitalSourceType=\"print\""),
                ElementsAre("C2PA manifest", "IPTC digital source type: print"))
        << before;
}

TEST_F(Provenance, NothingIsFoundWhereNothingIs) {
  EXPECT_THAT(marks(""), IsEmpty());
  EXPECT_THAT(marks("jumd uuid digitalsourcetype digitalsourcetype= " + uuid_of_box), IsEmpty());
  EXPECT_THAT(marks("jumd" + uuid_of_box + "uuid" + uuid_of_jumbf), IsEmpty()) << "each of the wrong kind";
  EXPECT_THROW(provenance_marks(dir / "absent.mp4"), cli::Failure);
}

TEST_F(Provenance, OfRealFilesIsInTheSummaryAndNotInTheResult) {
  const auto plain = make_plain("a.mp4");
  if (IsSkipped() || !have("exiftool"))
    GTEST_SKIP() << "ffmpeg or exiftool is not there";
  const auto marked = dir / "c.mp4";
  fs::copy_file(plain, marked);
  output_of("exiftool -q -overwrite_original -XMP-iptcExt:DigitalSourceType="
            "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture '" +
            marked.string() + "'");
  std::ofstream(marked, std::ios::binary | std::ios::app) << box("uuid", uuid_of_box + store);
  EXPECT_THAT(provenance_marks(plain), IsEmpty());
  for (const char* out : {"o.mp4", "o.mkv"}) {
    auto o = options(marked, out);
    o.audit = dir / (std::string(out) + ".jsonl");
    const auto summary = cli::run_file(o, "", stand_in);
    EXPECT_THAT(read(o.audit),
                testing::EndsWith("\n{\"input_provenance\":[\"C2PA manifest\",\"IPTC digital source type: "
                                  "digitalCapture\"]}\n"));
    EXPECT_THAT(summary.provenance, ElementsAre("C2PA manifest", "IPTC digital source type: digitalCapture"));
    EXPECT_EQ(cli::to_json(summary)["provenance"].size(), 2U);
    EXPECT_NE(cli::to_text(summary).find("C2PA manifest, IPTC digital source type: digitalCapture"),
              std::string::npos);
    EXPECT_THAT(provenance_marks(dir / out), IsEmpty()) << out;
  }
  const auto none = cli::run_file(options(plain, "p.mp4"), "", stand_in);
  EXPECT_EQ(cli::to_json(none)["provenance"], nlohmann::ordered_json::array());
}

} // namespace
} // namespace deid::test
