// The program on photographs, with the real elements.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/run.hpp"
#include "tests/pipelines/picture/picture_fixture.hpp"
#include <map>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

struct Box {
  int x = 0, y = 0, w = 0, h = 0, share = 0;
  std::string text() const {
    return std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(w) + " " + std::to_string(h);
  }
};

struct PictureCommandTest : PictureTest {
  const fs::path photo = fs::path(DEID_DEPS_DIR) / "portraits/astronaut.png";
  void SetUp() override {
    PictureTest::SetUp();
    if (IsSkipped())
      return;
    if (!fs::exists(photo))
      GTEST_SKIP() << "the portraits that set-up fetches are not there";
    fs::create_directory(dir / "in");
    script("faces '" + (dir / "in").string() + "' '" + photo.string() + "'");
  }
  /// The exit status.
  static int deid(const std::string& arguments) {
    return WEXITSTATUS(std::system(("'" DEID_PROGRAM "' run " + arguments + " -q 2>/dev/null").c_str()));
  }
  std::string path(const std::string& name) const { return "'" + (dir / name).string() + "'"; }
  static Box magenta(const fs::path& file) {
    Box b;
    std::istringstream(script("magenta '" + file.string() + "'")) >> b.x >> b.y >> b.w >> b.h >> b.share;
    return b;
  }
  nlohmann::json summary() const { return nlohmann::json::parse(std::ifstream(dir / "s.json")); }
  /// The first face's box in an audit: x, y, width, height [px].
  std::vector<double> audited(const fs::path& audit) const {
    std::ifstream in(audit);
    for (std::string line; std::getline(in, line);)
      if (const auto entry = nlohmann::json::parse(line); entry.contains("faces") && !entry["faces"].empty())
        return entry["faces"][0]["box"];
    ADD_FAILURE() << audit << " names no face";
    return {0, 0, 0, 0};
  }
  std::string tag(const std::string& file, const std::string& name) const {
    return output_of("exiftool -s3 -" + name + " " + path(file));
  }
};

TEST_F(PictureCommandTest, TheFaceIsCoveredInEveryOrientation) {
  fs::create_directory(dir / "turned");
  for (const auto& entry : fs::directory_iterator(dir / "in"))
    if (entry.path().filename().string().starts_with("turn"))
      fs::rename(entry.path(), dir / "turned" / entry.path().filename());
  ASSERT_EQ(deid(path("turned") + " -o " + path("out") + " --audit " + path("audit") +
                 " --method mask --color 0xff00ff --json-summary " + path("s.json")),
            0);
  ASSERT_EQ(summary().size(), 8U);
  for (const auto& one : summary()) {
    const fs::path in = one["input"].get<std::string>(), out = one["output"].get<std::string>();
    const std::string name = in.filename().string();
    EXPECT_EQ(one["kind"], "picture");
    EXPECT_EQ(one["frames"], 1);
    EXPECT_EQ(one["cover"]["faces"], 1) << name;
    const Box cover = magenta(out);
    const auto face = audited(dir / "audit" / (name + ".jsonl"));
    EXPECT_GT(cover.share, 95) << name;
    EXPECT_LE(cover.x, face[0]) << name;
    EXPECT_LE(cover.y, face[1]) << name;
    EXPECT_GE(cover.x + cover.w, face[0] + face[2]) << name;
    EXPECT_GE(cover.y + cover.h, face[1] + face[3]) << name;
    const bool jpeg = in.extension() == ".jpg";
    // a JPEG's blocks spread the cover's edge by 16 pixels
    const int far = jpeg ? 16 : 0;
    const Box around{cover.x - far, cover.y - far, cover.w + 2 * far, cover.h + 2 * far};
    const Difference d = compare(in, out, around.text());
    EXPECT_EQ(d.same_size, 1) << name;
    if (jpeg)
      EXPECT_GT(d.psnr, 40) << name;
    else
      EXPECT_EQ(d.greatest, 0) << name;
  }
}

TEST_F(PictureCommandTest, NobodyIsFoundInTheResult) {
  for (const std::string method : {"mask", "blur", "pixelate"}) {
    const std::string out = method + ".png";
    ASSERT_EQ(deid(path("in/plain.png") + " -o " + path(out) + " --method " + method), 0);
    EXPECT_GT(compare(dir / "in/plain.png", dir / out).greatest, 40) << method;
    EXPECT_EQ(tag(out, "XMP:all"), "") << method;
  }
  ASSERT_EQ(
      deid(path("mask.png") + " -o " + path("again.png") + " --method mask --json-summary " + path("s.json")),
      0);
  EXPECT_EQ(summary()["cover"]["faces"], 0);
  EXPECT_EQ(compare(dir / "mask.png", dir / "again.png").greatest, 0);
}

TEST_F(PictureCommandTest, ASwappedFaceIsSaidToBeSynthetic) {
  for (const std::string kind : {"jpg", "png", "tif", "webp"}) {
    const std::string out = "swap." + kind;
    ASSERT_EQ(deid(path("in/plain.png") + " -o " + path(out) + " --audit " + path(kind + ".jsonl") +
                   " --label 'synthetic face'"),
              0)
        << kind;
    EXPECT_NE(tag(out, "XMP-iptcExt:DigitalSourceType").find("compositeSynthetic"), std::string::npos)
        << kind;
    EXPECT_NE(tag(out, "XMP-dc:Description").find("SYNTHETIC-FACES"), std::string::npos) << kind;
  }
  const auto face = audited(dir / "png.jsonl");
  const int grown = static_cast<int>(face[2]);
  const Box around{static_cast<int>(face[0]) - grown, static_cast<int>(face[1]) - grown, 3 * grown,
                   static_cast<int>(face[3]) + 2 * grown};
  const auto size = tag("swap.png", "ImageHeight");
  const Box label{0, std::stoi(size) * 4 / 5, 9999, 9999};
  EXPECT_EQ(compare(dir / "in/plain.png", dir / "swap.png", around.text() + " " + label.text()).greatest, 0);
  EXPECT_GT(compare(dir / "in/plain.png", dir / "swap.png", around.text()).greatest, 40) << "the label";
  EXPECT_GT(compare(dir / "in/plain.png", dir / "swap.png", label.text()).greatest, 20) << "the face";
}

TEST_F(PictureCommandTest, GrayAndTransparencyStay) {
  for (const std::string name : {"gray.png", "clear.png", "gray-clear.png"}) {
    ASSERT_EQ(
        deid(path("in/" + name) + " -o " + path(name) + " --method mask --audit " + path(name + ".jsonl")), 0)
        << name;
    EXPECT_EQ(storage(dir / name), storage(dir / "in" / name)) << name;
    const auto face = audited(dir / (name + ".jsonl"));
    const int grown = static_cast<int>(face[2]);
    const Box around{static_cast<int>(face[0]) - grown, static_cast<int>(face[1]) - grown, 3 * grown,
                     static_cast<int>(face[3]) + 2 * grown};
    EXPECT_EQ(compare(dir / "in" / name, dir / name, around.text()).greatest, 0) << name;
    EXPECT_GT(compare(dir / "in" / name, dir / name).greatest, 40) << name;
  }
}

TEST_F(PictureCommandTest, AFaceThatOnlyTransparencyDrawsIsRefused) {
  EXPECT_EQ(deid(path("in/drawn.png") + " -o " + path("o.png") + " --method mask"), 1);
  EXPECT_EQ(files(), std::vector<std::string>{"in"});
}

TEST_F(PictureCommandTest, MeasuresAPicture) {
  ASSERT_EQ(
      deid(path("in/plain.png") + " -o " + path("o.png") + " --method mask --measure " + path("m.json")), 0);
  EXPECT_TRUE(fs::exists(dir / "m.json") && fs::exists(dir / "m.csv"));
}

TEST_F(PictureCommandTest, WithoutANetworkThereIsNoPicture) {
  EXPECT_EQ(deid(path("in/plain.png") + " -o " + path("o.png") + " --set facedetect.model-centerface=/none"),
            1);
  EXPECT_EQ(deid(path("in/plain.png") + " -o " + path("o.png") + " --set facedetect.no-such-property=1"), 1);
  EXPECT_EQ(files(), std::vector<std::string>{"in"});
}

TEST_F(PictureCommandTest, TheSmallestPicturesPass) {
  const fs::path kinds = make_set("kinds");
  for (const char* name : {"size-1x1.png", "size-1x7.tif", "size-33x1.webp", "size-63x47.jpg"}) {
    ASSERT_EQ(deid(path(std::string("kinds/") + name) + " -o " + path(name)), 0) << name;
    EXPECT_EQ(compare(kinds / name, dir / name).same_size, 1) << name;
  }
}

} // namespace
} // namespace deid::test
