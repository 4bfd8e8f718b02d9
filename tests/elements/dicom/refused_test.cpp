// What is no single whole series is refused with a sentence, and a writer in doubt leaves nothing.
#include "elements/volume/dicom/series.hpp"
#include "tests/elements/dicom/made.hpp"
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::dicom {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;

template <class Work> std::string said(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const SeriesError& error) {
    return error.what();
  }
  return "";
}

struct Refused : testing::Test {
  const deid::test::Scratch scratch{};
  [[nodiscard]] fs::path in(const char* name) const { return scratch.path() / name; }
  [[nodiscard]] std::string reading() const {
    return said([&] { (void)read_series(in("in")); });
  }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch.path()), {}));
  }
};

struct Case {
  const char* name;
  std::function<void(int, Dataset&)> change;
  const char* sentence;
};

struct Changed : Refused, testing::WithParamInterface<Case> {};

TEST_P(Changed, IsRefusedWithASentence) {
  make_series(in("in"), GetParam().change);
  EXPECT_THAT(reading(), HasSubstr(GetParam().sentence));
}

void set_us(Dataset& set, std::uint32_t tag, std::uint32_t value) {
  set[tag] = {"US", number(value, 2)};
}

const Case cases[] = {
    {"TwoSeries", [](int i, Dataset& d) { d[0x0020000e].content += i == 4 ? ".1" : ""; }, "several series"},
    {"TwoFrames", [](int i, Dataset& d) { d[0x00200052].content += i == 4 ? ".1" : ""; }, "several series"},
    {"FourDimensions",
     [](int i, Dataset& d) { d[0x00200032].content = std::to_string(20 - 1.5 * (i / 2)) + "\\-7\\30"; },
     "at one place: several volumes"},
    {"UnevenSteps",
     [](int i, Dataset& d) {
       if (i == 11)
         d[0x00200032].content = "2.0\\-7\\30";
     },
     "Slices are missing"},
    {"EverySecondSlice",
     [](int, Dataset& d) {
       d[0x00180088] = {"DS", "0.75"};
     },
     "their header says 0.75 mm"},
    {"Tilted",
     [](int i, Dataset& d) {
       d[0x00200032].content = std::to_string(20 - 1.5 * i) + "\\" + std::to_string(i) + "\\30";
     },
     "tilted gantry"},
    {"TurnedSlice",
     [](int i, Dataset& d) {
       if (i == 3)
         d[0x00200037].content = "1\\0\\0\\0\\1\\0";
     },
     "turned otherwise"},
    {"NoPlace", [](int, Dataset& d) { d.erase(0x00200032); }, "does not say where its picture lies"},
    {"NoDirection", [](int, Dataset& d) { d[0x00200037].content = "0\\1\\0\\0\\1\\0"; }, "are no directions"},
    {"Localizer", [](int, Dataset& d) { d[0x00080008].content = "ORIGINAL\\PRIMARY\\LOCALIZER"; },
     "overview picture"},
    {"BurnedIn",
     [](int i, Dataset& d) {
       if (i == 7)
         d[0x00280301] = {"CS", "YES"};
     },
     "text is burned into"},
    {"Colours",
     [](int, Dataset& d) {
       d[0x00280004].content = "RGB";
       set_us(d, 0x00280002, 3);
     },
     "are colours"},
    {"Frames",
     [](int, Dataset& d) {
       d[0x00280008] = {"IS", "5"};
     },
     "several frames"},
    {"Enhanced", [](int, Dataset& d) { d[0x00080016].content = "1.2.840.10008.5.1.4.1.1.4.1"; },
     "no single slice"},
    {"OtherScaling",
     [](int i, Dataset& d) {
       if (i == 2)
         d[0x00281053].content = "3";
     },
     "scaled otherwise"},
    {"OtherSize",
     [](int i, Dataset& d) {
       if (i == 2)
         set_us(d, 0x00280010, rows - 1);
     },
     "another size or type"},
    {"OneUidTwice",
     [](int i, Dataset& d) {
       if (i == 2)
         d[0x00080018].content = "1.2.826.0.1.4.5";
     },
     "that of another slice"},
    {"NoUid", [](int, Dataset& d) { d.erase(0x00080018); }, "has no UID"},
    {"DrawingInSpareBits",
     [](int i, Dataset& d) {
       if (i == 2)
         d[0x7fe00010].content[1] = '\x40';
     },
     "may hold a drawing"},
    {"FewerPixels",
     [](int i, Dataset& d) {
       if (i == 2)
         d[0x7fe00010].content.resize(30);
     },
     "another number of bytes"},
    {"NoPicture",
     [](int i, Dataset& d) {
       if (i == 2)
         d.erase(0x7fe00010);
     },
     "holds no picture"},
    {"OddBits", [](int, Dataset& d) { set_us(d, 0x00280102, 14); }, "stored in an unusual way"},
};
INSTANTIATE_TEST_SUITE_P(Slices, Changed, testing::ValuesIn(cases),
                         [](const auto& one) { return one.param.name; });

TEST_F(Refused, AMissingSlice) {
  make_series(in("in"));
  fs::remove(in("in") / "IM1"); // 7 * 7 % 12: in the middle
  EXPECT_THAT(reading(), HasSubstr("Slices are missing between"));
}

TEST_F(Refused, AnUnknownTransferSyntax) {
  make_series(in("in"));
  write(in("in") / "IM1", file(slice(7), "1.2.840.10008.1.2.4.999"));
  EXPECT_THAT(reading(), HasSubstr("IM1 cannot be read: "));
  write(in("in") / "IM1", file(slice(7), "1.2.840.10008.1.2.4.100")); // a video
  EXPECT_THAT(reading(), HasSubstr("IM1 cannot be read: "));
}

TEST_F(Refused, OtherFilesAndFoldersBesideTheSlices) {
  make_series(in("in"));
  write(in("in") / "DICOMDIR", "JANE");
  write(in("in") / ".hidden", "JANE");
  EXPECT_EQ(reading(), "") << "what other programs leave is passed over";
  write(in("in") / "report.txt", "JANE");
  EXPECT_THAT(reading(), HasSubstr("report.txt cannot be read: it is no DICOM file"));
  fs::remove(in("in") / "report.txt");
  fs::create_directories(in("in") / "more");
  EXPECT_THAT(reading(), HasSubstr("holds another folder"));
}

TEST_F(Refused, FilesThatAreCutOff) {
  make_series(in("in"));
  const std::string whole = read(in("in") / "IM3");
  for (const std::size_t size : {std::size_t{10}, std::size_t{140}, whole.size() / 2, whole.size() - 1}) {
    write(in("in") / "IM3", whole.substr(0, size));
    EXPECT_THAT(reading(), HasSubstr("IM3")) << size;
  }
}

TEST_F(Refused, AFolderWithoutDicomOrWithoutAnything) {
  EXPECT_THAT(reading(), HasSubstr("cannot be read"));
  fs::create_directories(in("in"));
  EXPECT_THAT(reading(), HasSubstr("holds no DICOM file"));
  EXPECT_FALSE(holds_dicom(in("in")));
  make_series(in("in"));
  EXPECT_TRUE(holds_dicom(in("in")));
}

TEST_F(Refused, AWriterInDoubtLeavesNothing) {
  make_series(in("in"));
  const Reading good = read_series(in("in"));
  const auto writing = [&](const volume::Description& about, const std::vector<std::byte>& voxels,
                           const std::vector<std::byte>& header) {
    return said([&] {
      SeriesWriter writer(in("out"));
      writer.write(about, voxels, header, {});
      writer.commit();
    });
  };
  volume::Description turned = good.volume.about;
  turned.to_world[0][3] += 1;
  EXPECT_THAT(writing(turned, good.volume.voxels, good.header), HasSubstr("describes another volume"));
  std::vector<std::byte> bright = good.volume.voxels;
  bright[1] = std::byte{0x40}; // 16384 and more: 12 bits do not hold it
  EXPECT_THAT(writing(good.volume.about, bright, good.header),
              HasSubstr("bits that its header does not name"));
  EXPECT_THAT(writing(good.volume.about, good.volume.voxels, {}), HasSubstr("did not come from DICOM"));
  auto cut = good.header;
  cut.resize(cut.size() - 40);
  EXPECT_THAT(writing(good.volume.about, good.volume.voxels, cut), HasSubstr("damaged"));
  EXPECT_EQ(entries(), 1U) << "only the input";
}

TEST_F(Refused, AHeaderThatHoldsMoreThanTheListIsNotWritten) {
  make_series(in("in"));
  const Reading good = read_series(in("in"));
  std::vector<std::byte> header;
  for (int index = slices - 1; index >= 0; --index) { // datasets that the source did not clean
    const std::string bytes = file(slice(index)), size = number(static_cast<std::uint32_t>(bytes.size()), 8);
    for (const std::string& part : {size, bytes})
      for (const char c : part)
        header.push_back(static_cast<std::byte>(c));
  }
  EXPECT_THAT(said([&] {
                SeriesWriter writer(in("out"));
                writer.write(good.volume.about, good.volume.voxels, header, {});
              }),
              HasSubstr("which is not kept"));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Refused, AFolderThatHoldsSomethingStays) {
  make_series(in("in"));
  write(in("mine"), "x");
  EXPECT_THAT(said([&] { SeriesWriter writer(in("in")); }), HasSubstr("holds something"));
  EXPECT_THAT(said([&] { SeriesWriter writer(in("mine")); }), HasSubstr("holds something"));
  EXPECT_THAT(said([&] { SeriesWriter writer(in("no/such/place")); }), HasSubstr("cannot be made"));
  EXPECT_EQ(entries(), 2U);
}

} // namespace
} // namespace deid::dicom
