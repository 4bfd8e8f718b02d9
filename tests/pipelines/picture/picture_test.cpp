// Pictures through the command without the elements: the output has the input's pixels and nothing else.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/pipelines/picture/picture_fixture.hpp"
#include <algorithm>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

/// The tags in exiftool's output that a picture needs to be displayed. No other tag may be there.
bool is_technical(const std::string& group, const std::string& tag) {
  static const std::map<std::string, std::set<std::string>> some{
      {"File",
       {"FileType", "FileTypeExtension", "MIMEType", "ExifByteOrder", "ImageWidth", "ImageHeight",
        "EncodingProcess", "BitsPerSample", "ColorComponents", "YCbCrSubSampling"}},
      {"JFIF", {"JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"}},
      {"PNG",
       {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace",
        "ProfileName", "SRGBRendering", "Gamma"}},
      {"PNG-pHYs", {"PixelsPerUnitX", "PixelsPerUnitY", "PixelUnits"}},
      {"IFD0",
       {"ImageWidth", "ImageHeight", "BitsPerSample", "Compression", "PhotometricInterpretation",
        "StripOffsets", "SamplesPerPixel", "RowsPerStrip", "StripByteCounts", "XResolution", "YResolution",
        "PlanarConfiguration", "ResolutionUnit", "Predictor", "ExtraSamples"}},
      {"RIFF",
       {"ImageWidth", "ImageHeight", "VP8Version", "HorizontalScale", "VerticalScale", "AlphaIsUsed",
        "AlphaCompression", "AlphaFiltering", "AlphaPreprocessing", "WebP_Flags"}},
      {"Composite", {"ImageSize", "Megapixels"}},
      {"ICC_Profile",
       {"ProfileDescription", "ProfileCopyright", "MediaWhitePoint", "MediaBlackPoint", "RedMatrixColumn",
        "GreenMatrixColumn", "BlueMatrixColumn", "RedTRC", "GreenTRC", "BlueTRC", "ChromaticAdaptation"}}};
  if (group == "System" || group == "ExifTool" || group == "ICC-header" || group == "ICC-chrm")
    return true;
  const auto found = some.find(group);
  return found != some.end() && found->second.contains(tag);
}

/// `Group:Tag=value` of everything in the folder's files that is not technical.
std::vector<std::string> told(const fs::path& folder) {
  std::vector<std::string> all;
  const auto files = nlohmann::json::parse(output_of("exiftool -a -G1 -s -j -r '" + folder.string() + "'"));
  EXPECT_FALSE(files.empty());
  for (const auto& file : files)
    for (const auto& [key, value] : file.items()) {
      const auto colon = key.find(':');
      if (key != "SourceFile" && !is_technical(key.substr(0, colon), key.substr(colon + 1)))
        all.push_back(file["SourceFile"].get<std::string>() + " " + key + "=" + value.dump());
    }
  return all;
}

bool holds(const cli::Bytes& bytes, const std::string& text) {
  return std::ranges::search(bytes, text).begin() != bytes.end();
}

std::string wide(const std::string& text) {
  std::string both;
  for (const char c : text)
    both += {'\0', c};
  return both;
}

struct PictureRunTest : PictureTest {
  std::string refusal(const fs::path& in, const std::string& out) {
    try {
      cli::run_file(options(in, out), "", stand_in);
    } catch (const cli::Failure& e) {
      return e.what();
    }
    return "nothing was refused";
  }
  int run_folder(const fs::path& in, const fs::path& out) {
    auto o = options(in, out.string());
    return cli::run_command(o, stand_in);
  }
};

TEST_F(PictureRunTest, EveryOrientationOfEveryFormatComesOutUprightAndSaysNothing) {
  const fs::path in = make_set("full"), out = dir / "out";
  ASSERT_EQ(run_folder(in, out), 0);
  const auto differences = compare_all(in, out);
  for (const auto& [name, d] : differences) {
    ASSERT_TRUE(holds(bytes_of(in / name), "MARKER")) << name;
    const auto result = bytes_of(out / name);
    for (const char* text : {"MARKER", "MARK", "EROS", "ftyp"})
      EXPECT_FALSE(holds(result, text) || holds(result, wide(text))) << name << " " << text;
    EXPECT_EQ(d.same_size, 1) << name;
    EXPECT_EQ(d.same_mode, 1) << name;
    if (name.ends_with(".jpg"))
      EXPECT_GT(d.psnr, 40) << name;
    else
      EXPECT_EQ(d.greatest, 0) << name;
  }
  EXPECT_EQ(differences.size(), 32U);
  EXPECT_EQ(told(out), std::vector<std::string>{});
  const auto profiles = nlohmann::json::parse(
      output_of("exiftool -j -s -r -ProfileDescription -ProfileDateTime -DeviceManufacturer -DeviceModel '" +
                out.string() + "'"));
  EXPECT_EQ(profiles.size(), 32U);
  for (const auto& one : profiles) { // the profile is there, and identifies nobody
    EXPECT_EQ(one["ProfileDescription"], "colour profile") << one;
    EXPECT_EQ(one["ProfileDateTime"], "2000:01:01 00:00:00") << one;
    EXPECT_EQ(one["DeviceManufacturer"], "") << one;
    EXPECT_EQ(one["DeviceModel"], "") << one;
  }
}

TEST_F(PictureRunTest, EveryKindKeepsItsPixels) {
  const fs::path in = make_set("kinds"), out = dir / "out";
  ASSERT_EQ(run_folder(in, out), 0);
  const auto differences = compare_all(in, out);
  for (const auto& [name, d] : differences) {
    EXPECT_EQ(d.same_size, 1) << name;
    EXPECT_EQ(d.same_mode, 1) << name << " " << storage(in / name) << storage(out / name);
    if (name.ends_with(".jpg") || name.starts_with("lossy"))
      EXPECT_GT(d.psnr, 37) << name;
    else
      EXPECT_EQ(d.greatest, 0) << name;
  }
  EXPECT_GT(differences.size(), 40U);
  EXPECT_EQ(told(out), std::vector<std::string>{});
}

TEST_F(PictureRunTest, AFileIsStoredAsItWas) {
  const fs::path in = make_set("kinds"), out = dir / "out";
  ASSERT_EQ(run_folder(in, out), 0);
  for (const char* name :
       {"c444.jpg", "c422.jpg", "c420.jpg", "progressive.jpg", "gray.jpg", "tiff_lzw.tif", "packbits.tif",
        "tiff_adobe_deflate.tif", "gray.png", "gray-alpha.png", "dense.jpg", "dense.png", "dense.tif"})
    EXPECT_EQ(storage(in / name), storage(out / name)) << name;
  const auto webp_kind = [](const fs::path& file) {
    return output_of("exiftool -s3 -FileType '" + file.string() + "'");
  };
  EXPECT_EQ(webp_kind(in / "lossy.webp"), webp_kind(out / "lossy.webp"));
  EXPECT_TRUE(holds(bytes_of(out / "alpha.webp"), "VP8L"));
  EXPECT_FALSE(holds(bytes_of(out / "lossy.webp"), "VP8L"));
}

TEST_F(PictureRunTest, WhatCannotBeHeldOrSearchedIsRefusedByASentence) {
  const fs::path in = make_set("refused");
  std::istringstream lines(said);
  int seen = 0;
  for (std::string line; std::getline(lines, line); ++seen) {
    const std::string file = line.substr(0, line.find('\t')), word = line.substr(line.find('\t') + 1);
    const bool ours = cli::format_of_name(file).has_value();
    const std::string out = ours ? "out" + fs::path(file).extension().string() : "out.png";
    const std::string sentence = refusal(in / file, out);
    EXPECT_NE(sentence.find(word), std::string::npos) << file << ": " << sentence;
    EXPECT_NE(sentence.find(file), std::string::npos) << sentence;
    EXPECT_FALSE(fs::exists(dir / out)) << file;
  }
  EXPECT_GT(seen, 25);
  EXPECT_EQ(files(), std::vector<std::string>{"refused"});
}

TEST_F(PictureRunTest, AnotherExtensionIsAnotherFormat) {
  const fs::path in = make_set("kinds");
  for (const std::string from : {"c444.jpg", "alpha.png", "gray.tif"})
    for (const std::string to : {"png", "tif", "webp"}) {
      const std::string out = from + "." + to;
      cli::run_file(options(in / from, out), "", stand_in);
      EXPECT_EQ(compare(in / from, dir / out).same_size, 1) << out;
      EXPECT_EQ(cli::format_of_content(bytes_of(dir / out)), cli::format_of_name(dir / out)) << out;
      if (from != "c444.jpg" || to != "webp") { // a JPEG becomes a lossy WebP
        EXPECT_EQ(compare(in / from, dir / out).greatest, 0) << out;
      }
    }
  EXPECT_NE(refusal(in / "alpha.png", "o.jpg").find("transparency"), std::string::npos);
  EXPECT_NE(refusal(in / "gray.png", "o.mp4").find("the extension must be .jpg"), std::string::npos);
  EXPECT_FALSE(fs::exists(dir / "o.jpg") || fs::exists(dir / "o.mp4"));
}

TEST_F(PictureRunTest, QualityIsOneToAHundred) {
  const fs::path in = make_set("kinds");
  const auto size_at = [&](const char* file, int quality) {
    auto o = options(in / file, "q" + std::to_string(quality) + file);
    o.quality = quality;
    cli::run_file(o, "", stand_in);
    return fs::file_size(o.output);
  };
  for (const char* file : {"c420.jpg", "lossy.webp"}) {
    EXPECT_LT(size_at(file, 10), size_at(file, 60)) << file;
    EXPECT_LT(size_at(file, 61), size_at(file, 99)) << file;
  }
  auto video = options(make_plain("clip.mp4"), "clip.out.mp4");
  video.quality = 90;
  EXPECT_EQ(cli::run_command(video, stand_in), 2);
}

TEST_F(PictureRunTest, FoldersHoldVideosAndPictures) {
  const fs::path in = dir / "in", out = dir / "out";
  fs::create_directories(in / "a/b");
  make_plain("in/clip.mp4");
  const fs::path kinds = make_set("kinds");
  fs::copy_file(kinds / "gray.png", in / "gray.png");
  fs::copy_file(kinds / "c420.jpg", in / "a/photo.JPG");
  fs::copy_file(kinds / "lossy.webp", in / "a/b/deep.webp");
  std::ofstream(in / "a/broken.tif") << "II*";
  std::ofstream(in / "a/phone.heic") << "anything";
  auto o = options(in, "out");
  o.json_summary = dir / "s.json";
  o.side_by_side = dir / "side";
  testing::internal::CaptureStderr();
  EXPECT_EQ(cli::run_command(o, stand_in), 1);
  const std::string said_then = testing::internal::GetCapturedStderr();
  EXPECT_NE(said_then.find("phone.heic: it is HEIC; save it as JPEG first"), std::string::npos) << said_then;
  for (const char* name : {"clip.mp4", "gray.png", "a/photo.JPG", "a/b/deep.webp"})
    EXPECT_TRUE(fs::exists(out / name)) << name;
  EXPECT_FALSE(fs::exists(out / "a/broken.tif"));
  std::map<std::string, std::string> status, kind;
  for (const auto& one : nlohmann::json::parse(std::ifstream(dir / "s.json"))) {
    const std::string name = fs::path(one["input"].get<std::string>()).filename().string();
    if (one["status"] == "left out")
      continue;
    status[name] = one["status"];
    kind[name] = one.value("kind", "");
  }
  EXPECT_EQ(status, (std::map<std::string, std::string>{{"broken.tif", "failed"},
                                                        {"clip.mp4", "done"},
                                                        {"deep.webp", "done"},
                                                        {"gray.png", "done"},
                                                        {"photo.JPG", "done"}}));
  EXPECT_EQ(kind["gray.png"], "picture");
  EXPECT_EQ(kind["clip.mp4"], "video");
  EXPECT_EQ(output_of("exiftool -s3 -ImageSize '" + (dir / "side/a/photo.JPG").string() + "'"), "320x120\n");
  // finished ones are skipped; their bytes stay
  const auto before = fs::last_write_time(out / "gray.png");
  EXPECT_EQ(cli::run_command(o, stand_in), 1);
  EXPECT_EQ(fs::last_write_time(out / "gray.png"), before);
}

TEST_F(PictureRunTest, NothingIsOverwrittenAndNothingIsLeftByAFailure) {
  const fs::path in = make_set("kinds") / "gray.png";
  const auto bytes = bytes_of(in);
  EXPECT_NE(refusal(in, "kinds/gray.png").find("is the input itself"), std::string::npos);
  EXPECT_NE(refusal(in, "kinds/c420.jpg").find("exists already"), std::string::npos);
  EXPECT_EQ(bytes_of(in), bytes);
  for (const char* what : {"drop-probability=1", "error-after=1"}) {
    auto o = options(in, "out.png");
    o.side_by_side = dir / "side.png";
    o.audit = dir / "audit.jsonl";
    EXPECT_THROW(cli::run_file(o, "", stand_in_that(what)), cli::Failure) << what;
    EXPECT_EQ(files(), std::vector<std::string>{"kinds"}) << what;
  }
}

TEST_F(PictureRunTest, WhatBelongsToVideosIsRefused) {
  const fs::path in = make_set("kinds") / "gray.png";
  auto o = options(in, "out.png");
  o.preview = true;
  EXPECT_THROW(cli::run_file(o, "", stand_in), cli::Failure);
  o = options(in, "out.png");
  o.settings = {{"encoder", "threads", "1"}};
  EXPECT_THROW(cli::run_file(o, "", stand_in), cli::Failure);
  o = options(in, "out.png");
  EXPECT_TRUE(cli::dry_run(o).starts_with("# ")); // a comment, in case it is pasted
  EXPECT_EQ(files(), std::vector<std::string>{"kinds"});
}

TEST_F(PictureRunTest, AGifIsAVideo) {
  EXPECT_FALSE(cli::is_picture("a.gif"));
  EXPECT_TRUE(cli::is_picture("a.JPEG"));
  EXPECT_TRUE(cli::is_picture("a.heic")); // to be refused by name
}

} // namespace
} // namespace deid::test
