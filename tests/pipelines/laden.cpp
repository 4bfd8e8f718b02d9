#include "tests/pipelines/laden.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>

namespace deid::test {
namespace fs = std::filesystem;
namespace {

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// The text as UTF-16 without a byte order mark.
std::string wide(const std::string& text, bool big) {
  std::string result;
  for (const char c : text) {
    result += big ? '\0' : c;
    result += big ? c : '\0';
  }
  return result;
}

/// 48 bytes of the middle of a compressed picture.
std::string core_of(const fs::path& picture) {
  const std::string bytes = read(picture);
  return bytes.substr(bytes.size() / 2, 48);
}

/// A box of an MP4 file with an unknown type.
std::string box(const std::string& type, const std::string& body) {
  const std::size_t size = body.size() + 8;
  return std::string{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                     static_cast<char>(size >> 8), static_cast<char>(size)} +
         type + body;
}

std::string exiftool_of(const fs::path& file) {
  return output_of("exiftool -a -U -ee -G1 -s -x FileName -x Directory --System:all '" + file.string() + "'");
}

std::string ffprobe_of(const fs::path& file) {
  return output_of("ffprobe -v error -show_format -show_streams -show_chapters -show_programs -of json "
                   "-show_entries format_tags:stream:stream_tags:chapter '" +
                   file.string() + "'");
}

} // namespace

Laden::Laden(fs::path folder, const fs::path& clip) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  const std::string ffmpeg = "ffmpeg -nostdin -v error -y ", from = "-i '" + clip.string() + "' ";
  output_of(ffmpeg + from + "-frames:v " + std::to_string(frames) +
            " -an -map_metadata -1 -c:v libx264 -preset ultrafast -bf 0 " + in("plain.mp4"));
  output_of(ffmpeg + from + "-frames:v 1 -q:v 6 " + in("cover.jpg"));
  output_of("exiftool -q -overwrite_original " + exif_words() + " " + in("cover.jpg"));
  output_of(ffmpeg +
            "-f lavfi -i testsrc=duration=0.3:size=160x120:rate=25 -c:v libx264 -preset ultrafast -bf 0 " +
            in("second.mp4"));
  write_text(folder_ / "letter.txt", "Dear " + patient);
  write_text(folder_ / "words.srt", "1\n00:00:00,000 --> 00:00:00,200\n" + patient + " speaks\n");
  write_text(folder_ / "about.txt",
             ";FFMETADATA1\ntitle=" + patient + "\nartist=Dr " + patient + "\ncomment=room of " + patient +
                 "\nlocation=+48.2081+016.3713/\ncreation_time=2019-03-04T05:06:07\ndate=2019-03-04\nmake=" +
                 patient + "\nmodel=" + patient +
                 "\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=" + patient + " sits\n");
}

std::string Laden::exif_words() const {
  return "-Artist='" + patient + "' -ImageDescription='" + patient + "' -UserComment='" + patient +
         "' -Make='" + patient + "' -Model='" + patient + "' -SerialNumber='" + patient +
         "' -GPSLatitude=48.2081 -GPSLatitudeRef=N -GPSLongitude=16.3713 -GPSLongitudeRef=E "
         "-DateTimeOriginal='2019:03:04 05:06:07' -IPTC:By-line='" +
         patient + "' -XMP-dc:Creator='" + patient + "' -Comment='" + patient +
         "' -XMP-iptcExt:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'";
}

fs::path Laden::video(const std::string& extension) const {
  const fs::path file = folder_ / (patient + "." + extension);
  if (fs::exists(file))
    return file;
  const bool quicktime = extension == "mp4" || extension == "mov", avi = extension == "avi",
             webm = extension == "webm";
  std::string words = "ffmpeg -nostdin -v error -y -i " + in("plain.mp4") + " -i " + in("second.mp4") +
                      " -f lavfi -i sine=duration=0.3 -i " + in("words.srt") + " -i " + in("about.txt") +
                      " -map 0:v -map 1:v -map 2:a -map_metadata 4 -map_chapters 4 ";
  words += avi ? "" : "-map 3:s ";
  words += quicktime ? "-c:v copy -c:a aac -c:s mov_text -timecode 01:02:03:04 -movflags use_metadata_tags "
           : webm    ? "-c:v libvpx -deadline realtime -c:a libopus -c:s webvtt "
           : avi     ? "-c:v mjpeg -c:a libmp3lame "
                     : "-c:v copy -c:a libvorbis -c:s srt ";
  if (extension == "mkv")
    words += "-attach " + in("letter.txt") + " -attach " + in("cover.jpg") +
             " -metadata:s:t:0 mimetype=text/plain -metadata:s:t:1 mimetype=image/jpeg ";
  for (const char* stream : {"v:0", "v:1", "a:0"})
    words += std::string("-metadata:s:") + stream + " title='track of " + patient +
             "' -metadata:s:" + stream + " handler_name='" + patient + "' ";
  output_of(words + "'" + file.string() + "'");
  if (!quicktime)
    return file;
  output_of(
      "exiftool -q -m -overwrite_original -ItemList:CoverArt'<='" + in("cover.jpg") + " -XMP-dc:Creator='" +
      patient +
      "' -XMP-iptcExt:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture' "
      "-Keys:GPSCoordinates='48.2081, 16.3713' -UserData:GPSCoordinates='48.2081, 16.3713' -Keys:Model='" +
      patient + "' -UserData:Author='" + patient +
      "' -AllDates='2019:03:04 05:06:07' "
      "-TrackCreateDate='2019:03:04 05:06:07' -MediaCreateDate='2019:03:04 05:06:07' '" +
      file.string() + "'");
  std::ofstream more(file, std::ios::binary | std::ios::app);
  more << box("mknt", "maker note of " + patient);
  return file;
}

fs::path Laden::pictures() const {
  const fs::path folder = folder_ / "pictures";
  fs::create_directories(folder);
  for (const char* name : {"0000.jpg", "0001.jpg", "0002.jpg"})
    fs::copy_file(folder_ / "cover.jpg", folder / name, fs::copy_options::overwrite_existing);
  return folder / "%04d.jpg";
}

void Laden::expect_laden(const fs::path& file) const {
  EXPECT_NE(read(file).find(patient), std::string::npos) << file;
  EXPECT_NE(exiftool_of(file).find(patient), std::string::npos) << file;
  const std::string seen = ffprobe_of(file);
  EXPECT_NE(seen.find(patient), std::string::npos) << file;
  if (file.extension() == ".mp4" || file.extension() == ".mov" || file.extension() == ".mkv") {
    EXPECT_NE(read(file).find(core_of(folder_ / "cover.jpg")), std::string::npos)
        << file << ": cover picture";
    EXPECT_NE(seen.find("sits"), std::string::npos) << file << ": chapter";
    EXPECT_NE(seen.find("subtitle"), std::string::npos) << file;
  }
}

void Laden::expect_clean(const fs::path& file, bool sound) const {
  const std::string bytes = read(file);
  ASSERT_GT(bytes.size(), 1000U) << file;
  for (const std::string& mark : {patient, wide(patient, false), wide(patient, true), std::string("+48.2"),
                                  core_of(folder_ / "cover.jpg")})
    EXPECT_EQ(bytes.find(mark), std::string::npos) << file << ": " << mark;
  const std::string seen = exiftool_of(file);
  for (const std::string& word :
       {patient, std::string("2019:"), std::string("2019-"), std::string("48.2"), std::string("48 deg"),
        std::string("GPS"), std::string("[XMP"), std::string("CoverArt"), std::string("Attach"),
        std::string("Chapter"), std::string("[IPTC]")})
    EXPECT_EQ(seen.find(word), std::string::npos) << file << ": " << word << "\n" << seen;
  if (file.extension() == ".jpg")
    return;
  const std::string probed = ffprobe_of(file);
  for (const std::string& word :
       {patient, std::string("2019:"), std::string("2019-"), std::string("48.2"), std::string("timecode"),
        std::string("subtitle"), std::string("attachment"), std::string("\"data\""),
        std::string("attached_pic\": 1"), std::string("mjpeg")})
    EXPECT_EQ(probed.find(word), std::string::npos) << file << ": " << word << "\n" << probed;
  EXPECT_EQ(output_of("ffprobe -v error -show_chapters -of csv=p=0 '" + file.string() + "'"), "") << file;
  EXPECT_EQ(output_of("ffprobe -v error -show_entries stream=codec_type -of csv=p=0 '" + file.string() + "'"),
            sound ? "video\naudio\n" : "video\n")
      << file;
}

} // namespace deid::test
