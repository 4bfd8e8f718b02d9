#include "tests/pipelines/clip.hpp"
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gst/gst.h>
#include <sstream>
#include <unistd.h>

namespace deid::test {
namespace fs = std::filesystem;

void ClipTest::SetUp() {
  gst_init(nullptr, nullptr);
  std::string name = (fs::temp_directory_path() / "deid-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  dir = name;
}

void ClipTest::TearDown() {
  fs::remove_all(dir);
}

fs::path ClipTest::make(const std::string& name, const std::string& arguments) {
  const fs::path file = dir / name;
  if (!have("ffmpeg") || !have("ffprobe")) {
    [] { GTEST_SKIP() << "ffmpeg is not installed; the clips of this test are made with it"; }();
    return file;
  }
  output_of("ffmpeg -nostdin -v error -y " + arguments + " '" + file.string() + "'");
  return file;
}

fs::path ClipTest::make_plain(const std::string& name, const std::string& size) {
  return make(name, "-f lavfi -i testsrc=duration=0.8:size=" + size +
                        ":rate=25 -c:v libx264 -pix_fmt yuv420p -bf 0");
}

cli::RunOptions ClipTest::options(const fs::path& in, const std::string& out) const {
  cli::RunOptions o;
  o.inputs = {in};
  o.output = dir / out;
  o.quiet = true;
  o.method = cli::Method::mask;
  return o;
}

std::vector<std::string> ClipTest::files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

bool have(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) {
    ADD_FAILURE() << "cannot run " << command;
    return "";
  }
  std::string text;
  std::array<char, 4096> piece{};
  while (const std::size_t n = fread(piece.data(), 1, piece.size(), pipe))
    text.append(piece.data(), n);
  EXPECT_EQ(pclose(pipe), 0) << command << "\n" << text;
  return text;
}

bool have_c2pa() {
  const char* file = std::getenv("DEID_C2PA");
  return file && fs::exists(file) && have("openssl");
}

void make_key_pair(const fs::path& dir, const std::string& name, const std::string& kind) {
  const std::string own = "'" + name + "'";
  std::ofstream(dir / (name + ".ext")) << "basicConstraints=critical,CA:FALSE\n"
                                          "keyUsage=critical,digitalSignature\n"
                                          "extendedKeyUsage=emailProtection\n"
                                          "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
  output_of("exec 2>&1; set -e; cd '" + dir.string() + "'; for k in root " + own +
            "; do openssl genpkey -algorithm " + kind +
            " -out $k.key; done; openssl req -x509 -new -key root.key -days 9 -subj /O=Example/CN=Root "
            "-out root.pem -addext keyUsage=critical,keyCertSign; openssl req -new -key " +
            own +
            ".key -subj /O=Example/CN=Signer -out s.csr; openssl x509 -req -in s.csr -CA root.pem "
            "-CAkey root.key -CAcreateserial -days 9 -extfile " +
            own + ".ext -out " + own + ".pem; cat root.pem >> " + own + ".pem");
}

std::size_t count_of(const fs::path& file) {
  return std::stoul(
      output_of("ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames "
                "-of csv=p=0 '" +
                file.string() + "'"));
}

std::vector<double> times_of(const fs::path& file) {
  std::istringstream lines(
      output_of("ffprobe -v error -select_streams v:0 -show_entries frame=pts_time -of csv=p=0 '" +
                file.string() + "'"));
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != ',')
      times.push_back(std::stod(line));
  return times;
}

std::string probe(const fs::path& file, const std::string& entries, const std::string& stream) {
  std::string text = output_of("ffprobe -v error -select_streams " + stream +
                               " -show_entries stream=" + entries + " -of csv=p=0 '" + file.string() + "'");
  while (!text.empty() && (text.back() == '\n' || text.back() == ','))
    text.pop_back();
  return text;
}

std::string tags_of(const fs::path& file) {
  return output_of("ffprobe -v error -show_entries format_tags:stream_tags:chapter_tags -of default=nw=1 '" +
                   file.string() + "'");
}

} // namespace deid::test
