#include "tests/media/corpus.hpp"
#include <algorithm>
#include <iterator>

namespace deid::test {
namespace {

const std::vector<std::string> all_containers{"out.mkv", "out.mp4", "out.mov", "out.webm"};
const std::vector<std::string> and_avi{"out.mkv", "out.mp4", "out.mov", "out.webm", "out.avi"};

/// Later frames stay twice as long.
constexpr const char* lengthening =
    "L=\"-vf setpts='if(lt(N,15),N,15+(N-15)*2)/25/TB' -fps_mode passthrough\"; ";
/// Writes 9 numbers into the transformation matrix of the video track: a b u c d v x y w, of 4 bytes each.
constexpr const char* set_matrix =
    "matrix() { f=$1; shift; at=$(($(grep -abo tkhd $f | head -1 | cut -d: -f1) + 44)); "
    "for n in \"$@\"; do for k in 24 16 8 0; do printf \"\\\\$(printf %03o $((n >> k & 255)))\"; done; done "
    "| "
    "dd of=$f bs=1 seek=$at conv=notrunc status=none; }; one=65536; minus=4294901760; end=1073741824; ";

const std::vector<Row> containers{
    {.name = "Mp4",
     .input = "a.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.mp4",
     .outputs = and_avi},
    {.name = "Mov",
     .input = "a.mov",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.mov",
     .outputs = and_avi},
    {.name = "Mkv",
     .input = "a.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.mkv",
     .outputs = and_avi},
    {.name = "Webm", .input = "a.webm", .make = "$ff $T -c:v libvpx a.webm", .outputs = and_avi},
    {.name = "WebmVp9", .input = "a.webm", .make = "$ff $T -c:v libvpx-vp9 -speed 8 a.webm"},
    {.name = "AviMpeg4", .input = "a.avi", .make = "$ff $T -c:v mpeg4 -bf 0 a.avi", .outputs = and_avi},
    {.name = "AviMjpeg", .input = "a.avi", .make = "$ff $T -c:v mjpeg -q 2 a.avi", .pixels = Pixels::close},
    {.name = "AviRaw", .input = "a.avi", .make = "$ff $T -c:v rawvideo -pix_fmt yuv420p a.avi"},
    {.name = "Ts", .input = "a.ts", .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.ts", .outputs = and_avi},
    {.name = "TsMpeg2", .input = "a.ts", .make = "$ff $T -c:v mpeg2video -bf 2 a.ts"},
    {.name = "Mts",
     .input = "a.mts",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -f mpegts -mpegts_m2ts_mode 1 a.mts"},
    {.name = "Mpg", .input = "a.mpg", .make = "$ff $T -c:v mpeg2video -bf 2 a.mpg", .outputs = and_avi},
    {.name = "Mpeg1", .input = "a.mpg", .make = "$ff $T -c:v mpeg1video -bf 2 a.mpg"},
    {.name = "Vob", .input = "a.vob", .make = "$ff $T -c:v mpeg2video -bf 2 -q 2 a.vob"},
    {.name = "Wmv", .input = "a.wmv", .make = "$ff $T -c:v wmv2 a.wmv", .outputs = and_avi},
    {.name = "Flv", .input = "a.flv", .make = "$ff $T -c:v flv1 a.flv"},
    {.name = "FlvH264",
     .input = "a.flv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p a.flv",
     .outputs = all_containers},
    {.name = "ThreeGp", .input = "a.3gp", .make = "$ff $T -s 176x144 -c:v h263 a.3gp"},
    {.name = "Dv",
     .input = "a.dv",
     .make = "$ff $T -t 0.3 -s 720x576 -pix_fmt yuv420p -c:v dvvideo a.dv",
     .pixels = Pixels::close},
    {.name = "Gif",
     .input = "a.gif",
     .make = "$ff $T -r 10 a.gif",
     .outputs = {"out.mkv", "out.mp4"},
     .pixels = Pixels::other},
};

const std::vector<Row> edit_lists{
    {.name = "TrimmedOffAKeyFrame",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 12 -bf 0 a.mp4 && $ff -ss 0.3 -t 0.6 -i a.mp4 -c copy "
             "in.mp4",
     .outputs = and_avi},
    {.name = "TrimmedWithBFrames",
     .input = "in.mov",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 12 -bf 3 a.mp4 && $ff -ss 0.3 -t 0.4 -i a.mp4 -c copy "
             "in.mov",
     .outputs = all_containers},
    {.name = "TrimmedBehindTheLastKeyFrame",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 50 -bf 2 a.mp4 && $ff -ss 0.5 -i a.mp4 -c copy in.mp4"},
    {.name = "TrimmedEndOnly",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -bf 3 a.mp4 && $ff -t 0.3 -i a.mp4 -c copy in.mp4"},
    {.name = "TrimmedWithSound",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -g 12 -c:a aac a.mp4 && $ff -ss 0.3 -i a.mp4 -c copy "
             "in.mp4",
     .outputs = all_containers,
     .sound = true},
    {.name = "TrimmedHevc",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx265 -x265-params log-level=none:keyint=12 -pix_fmt yuv420p a.mp4 && "
             "$ff -ss 0.3 -i a.mp4 -c copy in.mp4"},
    {.name = "TrimmedFrontIndex",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 12 a.mp4 && "
             "$ff -ss 0.3 -i a.mp4 -c copy -movflags +faststart in.mp4"},
    {.name = "EmptyEditBeforeTheFirstFrame",
     .input = "in.mp4",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -c:a aac a.mp4 && "
             "$ff -itsoffset 0.3 -i a.mp4 -i a.mp4 -map 0:v -map 1:a -c copy in.mp4",
     .outputs = all_containers,
     .sound = true},
    {.name = "Fragmented",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -g 5 -movflags frag_keyframe+empty_moov in.mp4",
     .outputs = all_containers},
};

const std::vector<Row> times{
    {.name = "LengtheningMp4",
     .input = "in.mp4",
     .make = std::string(lengthening) + "$ff $T $L -c:v libx264 -pix_fmt yuv420p in.mp4",
     .outputs = all_containers},
    {.name = "LengtheningMp4Plain",
     .input = "in.mp4",
     .make = std::string(lengthening) + "$ff $T $L -c:v libx264 -bf 0 -pix_fmt yuv420p in.mp4",
     .outputs = all_containers},
    {.name = "LengtheningWebm",
     .input = "in.webm",
     .make = std::string(lengthening) + "$ff $T $L -c:v libvpx in.webm",
     .outputs = all_containers},
    {.name = "LengtheningMkvBFrames",
     .input = "in.mkv",
     .make = std::string(lengthening) + "$ff $T $L -c:v libx264 -bf 4 -pix_fmt yuv420p in.mkv",
     .outputs = all_containers},
    {.name = "BrowserWebm",
     .input = "in.webm",
     .make = "$ff $T -vf \"setpts='(N+0.3*mod(N*7,5)/5+6*gt(N,10))/25/TB'\" -fps_mode passthrough "
             "-enc_time_base 1:1000 -c:v libvpx -live 1 in.webm",
     .outputs = all_containers},
    {.name = "Gaps",
     .input = "in.mp4",
     .make = "$ff $T -vf \"setpts='(N+40*gt(N,4)+90*gt(N,11)+3*gt(N,20))/25/TB'\" -fps_mode passthrough -c:v "
             "libx264 -pix_fmt yuv420p in.mp4",
     .outputs = all_containers},
    {.name = "AviDroppedFrames",
     .input = "in.avi",
     .make =
         "$ff $T -vf \"select='not(between(n,5,8)+eq(n,20))'\" -fps_mode passthrough -c:v mjpeg -q 2 in.avi",
     .outputs = all_containers,
     .pixels = Pixels::close},
    {.name = "AviDroppedFramesMpeg4",
     .input = "in.avi",
     .make =
         "$ff $T -vf \"select='not(between(n,5,8)+eq(n,20))'\" -fps_mode passthrough -c:v mpeg4 -bf 0 in.avi",
     .outputs = all_containers},
    {.name = "DivxBFrames",
     .input = "in.avi",
     .make = "$ff $T -c:v mpeg4 -vtag DIVX -bf 2 in.avi",
     .outputs = all_containers},
    {.name = "XvidBFrames",
     .input = "in.avi",
     .make = "$ff $T -c:v libxvid -bf 2 in.avi",
     .refused = "write it again"},
    {.name = "NegativeDts",
     .input = "in.mov",
     .make = "$ff $T -c:v libx264 -bf 5 -b_strategy 0 -pix_fmt yuv420p in.mov",
     .outputs = all_containers},
    {.name = "CopiedIntoMkv",
     .input = "in.mkv",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -c:a aac a.mp4 && $ff -i a.mp4 -c copy in.mkv",
     .outputs = all_containers},
    {.name = "CopiedIntoMkvMp3",
     .input = "in.mkv",
     .make = "$ff $T $S -c:v libx264 -pix_fmt yuv420p -c:a libmp3lame a.mp4 && $ff -i a.mp4 -c copy in.mkv",
     .outputs = all_containers},
    {.name = "BeginsLate",
     .input = "in.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -output_ts_offset 0.4 in.mkv",
     .outputs = all_containers},
    {.name = "NtscRate",
     .input = "in.mp4",
     .make = "$ff $T -r 30000/1001 -c:v libx264 -pix_fmt yuv420p in.mp4",
     .outputs = and_avi},
    {.name = "OneFrameASecond",
     .input = "in.mp4",
     .make = "$ff -f lavfi -i testsrc2=duration=8:size=96x64:rate=1 -c:v libx264 -pix_fmt yuv420p in.mp4",
     .outputs = and_avi},
    {.name = "OneFrame",
     .input = "in.mp4",
     .make = "$ff $T -frames:v 1 -c:v libx264 -pix_fmt yuv420p in.mp4",
     .outputs = all_containers},
    {.name = "HiddenReferencePictures",
     .input = "in.webm",
     .make = "$ff $T -c:v libvpx -auto-alt-ref 1 -lag-in-frames 10 -arnr-maxframes 5 in.webm"},
    {.name = "ClockJumps",
     .input = "in.ts",
     .make = "$ff $T -c:v mpeg2video -f mpegts a.ts && $ff $T -c:v mpeg2video -output_ts_offset 3000 -f "
             "mpegts b.ts && "
             "cat a.ts b.ts > j.ts && $ff -i j.ts -c copy in.ts"},
};

std::string turned(const std::string& matrix) {
  return std::string(set_matrix) + "$ff $T -c:v libx264 -pix_fmt yuv420p in.mp4 && matrix in.mp4 " + matrix;
}

/// A Matroska file that is turned by so many degrees against the clock.
Row rolled(const std::string& name, const std::string& degrees) {
  return {
      .name = name,
      .input = "in.mkv",
      .make =
          "$ff $T -c:v libx264 -pix_fmt yuv420p a.mkv && mkvmerge -q -o in.mkv --projection-pose-roll 0:" +
          degrees + " a.mkv",
      .needs = "mkvmerge"};
}

const std::vector<Row> orientation{
    {.name = "Turned90", .input = "in.mp4", .make = turned("0 $one 0 $minus 0 0 $((64*one)) 0 $end")},
    {.name = "Turned180",
     .input = "in.mp4",
     .make = turned("$minus 0 0 0 $minus 0 $((96*one)) $((64*one)) $end")},
    {.name = "Turned270", .input = "in.mp4", .make = turned("0 $minus 0 $one 0 0 0 $((96*one)) $end")},
    {.name = "MirroredHorizontally",
     .input = "in.mp4",
     .make = turned("$minus 0 0 0 $one 0 $((96*one)) 0 $end")},
    {.name = "MirroredVertically",
     .input = "in.mp4",
     .make = turned("$one 0 0 0 $minus 0 0 $((64*one)) $end")},
    {.name = "MirroredAndTurned90", .input = "in.mp4", .make = turned("0 $one 0 $one 0 0 0 0 $end")},
    {.name = "MirroredAndTurned270",
     .input = "in.mp4",
     .make = turned("0 $minus 0 $minus 0 0 $((64*one)) $((96*one)) $end")},
    rolled("MatroskaRoll90", "90"),
    rolled("MatroskaRoll180", "180"),
    rolled("MatroskaRoll270", "-90"),
    rolled("MatroskaRollNone", "0"),
    {.name = "MatroskaRollSetAfterwards",
     .input = "in.webm",
     .make = "$ff $T -c:v libvpx in.webm && mkvpropedit -q in.webm --edit track:v1 --set "
             "projection-type=0 --set projection-pose-roll=90",
     .outputs = all_containers,
     .needs = "mkvpropedit"},
};

const std::vector<Row> colours{
    {.name = "Bt709",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -color_range tv -colorspace bt709 -color_primaries bt709 "
             "-color_trc bt709 in.mp4",
     .outputs = and_avi},
    {.name = "Bt601Of525Lines",
     .input = "in.mov",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -color_range tv -colorspace smpte170m -color_primaries "
             "smpte170m -color_trc smpte170m in.mov",
     .outputs = and_avi},
    {.name = "Bt601Of625Lines",
     .input = "in.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -color_range tv -colorspace bt470bg -color_primaries "
             "bt470bg -color_trc gamma28 in.mkv",
     .outputs = and_avi},
    {.name = "MatrixOf625LinesAlone",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -color_range tv -colorspace bt470bg in.mp4",
     .outputs = and_avi},
    {.name = "PrimariesAlone",
     .input = "in.mkv",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -color_range tv -color_primaries bt709 in.mkv",
     .outputs = and_avi},
    {.name = "Bt2020",
     .input = "in.mkv",
     .make = "$ff $T -c:v ffv1 -pix_fmt yuv420p -color_range tv -colorspace bt2020nc -color_primaries bt2020 "
             "-color_trc bt2020-10 in.mkv",
     .outputs = and_avi},
    {.name = "FullRange",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuvj420p -color_range pc in.mp4",
     .outputs = and_avi},
    {.name = "FullRangeVp9",
     .input = "in.webm",
     .make = "$ff $T -c:v libvpx-vp9 -speed 8 -pix_fmt yuv420p -color_range pc in.webm",
     .outputs = and_avi},
    {.name = "LimitedRangeVp9",
     .input = "in.webm",
     .make = "$ff $T -c:v libvpx-vp9 -speed 8 -pix_fmt yuv420p -color_range tv in.webm",
     .outputs = and_avi},
};

const std::vector<Row> pictures{
    {.name = "TallPixels",
     .input = "in.mkv",
     .make = "$ff $T -vf setsar=16/11 -c:v libx264 -pix_fmt yuv420p in.mkv",
     .outputs = all_containers},
    {.name = "OddSize",
     .input = "in.mkv",
     .make = "$ff $T -s 65x49 -c:v ffv1 -pix_fmt yuv420p in.mkv",
     .outputs = {"out.mkv", "out.webm"}},
    {.name = "TopFieldFirst",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -flags +ildct+ilme -x264opts tff=1 in.mp4",
     .outputs = all_containers},
    {.name = "BottomFieldFirst",
     .input = "in.mp4",
     .make = "$ff $T -c:v libx264 -pix_fmt yuv420p -flags +ildct+ilme -x264opts bff=1 in.mp4",
     .outputs = all_containers},
    {.name = "InterlacedTs",
     .input = "in.ts",
     .make = "$ff $T -c:v mpeg2video -flags +ildct+ilme -top 1 in.ts"},
    {.name = "TenBit",
     .input = "in.mkv",
     .make = "$ff $T -c:v ffv1 -pix_fmt yuv420p10le in.mkv",
     .outputs = all_containers,
     .pixels = Pixels::other},
    {.name = "FourTwoTwo",
     .input = "in.mkv",
     .make = "$ff $T -c:v ffv1 -pix_fmt yuv422p in.mkv",
     .outputs = all_containers,
     .pixels = Pixels::other},
    {.name = "Gray",
     .input = "in.mkv",
     .make = "$ff $T -c:v ffv1 -pix_fmt gray in.mkv",
     .pixels = Pixels::other},
    {.name = "Bgr",
     .input = "in.mkv",
     .make = "$ff $T -c:v ffv1 -pix_fmt bgr0 in.mkv",
     .pixels = Pixels::equal},
    {.name = "SeveralTracks",
     .input = "in.mkv",
     .make = "$ff $T -f lavfi -i color=red:s=64x48:d=2 $S $S -map 0 -map 1 -map 2 -map 3 -c:v ffv1 -pix_fmt "
             "yuv420p -c:a libopus in.mkv",
     .outputs = all_containers,
     .sound = true},
    {.name = "StillBeforeTheFilm",
     .input = "in.mkv",
     .make =
         "$ff $T -frames:v 1 -c:v mjpeg -q 2 still.mkv && $ff $T -c:v libx264 -pix_fmt yuv420p film.mkv && "
         "$ff -i still.mkv -i film.mkv -map 0 -map 1 -c copy in.mkv",
     .refused = "its first video track is a still picture"},
    {.name = "StillBehindTheFilm",
     .input = "in.mkv",
     .make =
         "$ff $T -frames:v 1 -c:v mjpeg -q 2 still.mkv && $ff $T -c:v libx264 -pix_fmt yuv420p film.mkv && "
         "$ff -i film.mkv -i still.mkv -map 0 -map 1 -c copy in.mkv"},
};

} // namespace

const std::vector<Row>& corpus() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (const auto* family : {&containers, &edit_lists, &times, &orientation, &colours, &pictures,
                               &sound_rows(), &damaged_rows()})
      std::ranges::copy(*family, std::back_inserter(all));
    return all;
  }();
  return rows;
}

} // namespace deid::test
