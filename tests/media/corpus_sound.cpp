// The families of the corpus that have sound, or are damaged.
#include "tests/media/corpus.hpp"

namespace deid::test {
namespace {

const std::vector<std::string> all_containers{"out.mkv", "out.mp4", "out.mov", "out.webm"};
const std::vector<std::string> and_avi{"out.mkv", "out.mp4", "out.mov", "out.webm", "out.avi"};

std::string cut(const std::string& from, int percent) {
  return " && head -c $(($(stat -c %s " + from + ") * " + std::to_string(percent) + " / 100)) " + from +
         " > cut_" + from;
}

const std::vector<Row> sound{
    {.name = "SoundMuLawMov",
     .input = "in.mov",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -ar 8000 -c:a pcm_mulaw in.mov",
     .outputs = and_avi,
     .sound = true},
    {.name = "Sound16kHz",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -ar 16000 -c:a aac in.mp4",
     .outputs = and_avi,
     .sound = true},
    {.name = "Sound44kHz",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -ar 44100 -c:a aac in.mp4",
     .outputs = and_avi,
     .sound = true},
    {.name = "Sound48kHz",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -c:a aac in.mp4",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundStereoMp3",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -ac 2 -ar 44100 -c:a libmp3lame in.mp4",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundOpusWebm",
     .input = "in.webm",
     .make = "$ff $T $S -c:v libvpx -c:a libopus in.webm",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundVorbisMkv",
     .input = "in.mkv",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -c:a libvorbis in.mkv",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundAviPcm",
     .input = "in.avi",
     .make = "$ff $T $S -c:v mpeg4 -bf 0 -c:a pcm_s16le in.avi",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundMpg",
     .input = "in.mpg",
     .make = "$ff $T $S -c:v mpeg2video -c:a mp2 in.mpg",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundWmv",
     .input = "in.wmv",
     .make = "$ff $T $S -c:v wmv2 -c:a wmav2 in.wmv",
     .outputs = all_containers,
     .sound = true},
    {.name = "SoundFlv",
     .input = "in.flv",
     .make = "$ff $T $S -c:v flv1 -ar 44100 -c:a libmp3lame in.flv",
     .outputs = all_containers,
     .sound = true},
    {.name = "SoundSurround",
     .input = "in.mkv",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -ac 6 -c:a ac3 in.mkv",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundBeginsEarlierTs",
     .input = "in.ts",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p v.mp4 && $ff $S -c:a aac a.m4a && "
             "$ff -itsoffset 0.4 -i v.mp4 -i a.m4a -c copy in.ts",
     .outputs = all_containers,
     .sound = true},
    {.name = "SoundBeginsLaterTs",
     .input = "in.ts",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p v.mp4 && $ff $S -c:a aac a.m4a && "
             "$ff -i v.mp4 -itsoffset 0.25 -i a.m4a -c copy in.ts",
     .outputs = and_avi,
     .sound = true},
    {.name = "SoundBeginsEarlierMkv",
     .input = "in.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p v.mp4 && $ff $S -c:a aac a.m4a && "
             "$ff -itsoffset 0.2 -i v.mp4 -i a.m4a -c copy in.mkv",
     .outputs = and_avi,
     .sound = true},
};

const std::vector<Row> damaged{
    {.name = "CutMp4IndexInFront",
     .input = "cut_a.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -movflags +faststart a.mp4" + cut("a.mp4", 60),
     .refused = "cut off or damaged",
     .missing = 5},
    {.name = "CutMp4IndexBehind",
     .input = "cut_a.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.mp4" + cut("a.mp4", 60),
     .refused = "cannot be read"},
    {.name = "CutFragments",
     .input = "cut_a.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 5 -movflags frag_keyframe+empty_moov a.mp4" +
             cut("a.mp4", 60),
     .refused = "cut off"},
    {.name = "CutMkv",
     .input = "cut_a.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.mkv" + cut("a.mkv", 60),
     .refused = "cut off"},
    {.name = "CutAvi",
     .input = "cut_a.avi",
     .make = "$ff $T -c:v mpeg4 a.avi" + cut("a.avi", 60),
     .refused = "cut off"},
    {.name = "CutTs",
     .input = "cut_a.ts",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.ts" + cut("a.ts", 61),
     .refused = "cut off"},
    {.name = "CutFlv",
     .input = "cut_a.flv",
     .make = "$ff $T -c:v flv1 a.flv" + cut("a.flv", 50),
     .refused = "cut off"},
    {.name = "CutWmv",
     .input = "cut_a.wmv",
     .make = "$ff $T -c:v wmv2 a.wmv" + cut("a.wmv", 50),
     .refused = "damaged"},
    {.name = "CutMpg",
     .input = "cut_a.mpg",
     .make = "$ff $T -c:v mpeg2video a.mpg" + cut("a.mpg", 60),
     .refused = "cut off"},
    {.name = "CutGif",
     .input = "cut_a.gif",
     .make = "$ff $T a.gif" + cut("a.gif", 60),
     .refused = "cut short"},
    {.name = "DamagedMjpegFrame",
     .input = "a.avi",
     .make =
         "$ff $T -c:v mjpeg -q 2 a.avi && at=$(($(grep -abo 00dc a.avi | sed -n 10p | cut -d: -f1) + 8)) && "
         "dd if=/dev/zero of=a.avi bs=1 seek=$at count=400 conv=notrunc status=none",
     .refused = "damaged",
     .missing = 1},
    {.name = "DamagedH264",
     .input = "a.mkv",
     .make =
         "$ff $T -c:v libx264 -pix_fmt yuv420p -g 50 a.mkv && "
         "dd if=/dev/zero of=a.mkv bs=1 seek=$(($(stat -c %s a.mkv) / 2)) count=600 conv=notrunc status=none",
     .refused = "--keep-going"},
};

} // namespace

const std::vector<Row>& sound_rows() {
  return sound;
}

const std::vector<Row>& damaged_rows() {
  return damaged;
}

} // namespace deid::test
