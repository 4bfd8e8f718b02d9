// Stamps that are lost in the queue between facedetect and the cover: in the graphs of `deid run` and in the
// ready graphs. The graphs are built from the words that gst-launch-1.0 would get.
#include "tests/faults/truth.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/frames.hpp"
#include <algorithm>
#include <fstream>
#include <gst/video/gstvideometa.h>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <set>
#include <sstream>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::size_t count = 12;

/// A cover of a graph, and what a run showed at its input and output.
struct Watched {
  Watched(GstElement* element, std::string name) : cover(element), factory(std::move(name)) {}
  GstElement* cover; ///< borrowed from the pipeline
  std::string factory;
  std::mutex mutex{};
  Truth lost{}, kept{};            ///< frames behind the queue, with and without their stamp taken
  std::vector<Picture> pictures{}; ///< frames behind the cover
};

bool is_cover(const std::string& factory) {
  return factory == "deidfacemask" || factory == "deidfaceblur" || factory == "deidfaceswap";
}

std::string factory_of(GstElement* element) {
  return GST_OBJECT_NAME(gst_element_get_factory(element));
}

/// The pad behind the queue before an element; without a queue, behind facedetect. Owned by the caller.
GstPad* behind_queue(GstElement* element) {
  GstPad* sink = gst_element_get_static_pad(element, "sink");
  GstPad* source = gst_pad_get_peer(sink);
  gst_object_unref(sink);
  GstElement* before = gst_pad_get_parent_element(source);
  const std::string factory = factory_of(before);
  if (factory != "queue" && factory != "deidfacedetect") {
    gst_object_unref(source);
    source = behind_queue(before);
  }
  gst_object_unref(before);
  return source;
}

/// Takes the stamp and its regions off a frame.
void strip(GstBuffer* buffer) {
  const auto take = [](GstBuffer*, GstMeta** meta, gpointer) -> gboolean {
    if ((*meta)->info->api == GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE ||
        std::string(g_type_name((*meta)->info->api)) == "DeidFaceMetaAPI")
      *meta = nullptr;
    return TRUE;
  };
  gst_buffer_foreach_meta(buffer, take, nullptr);
}

Picture picture_on(GstPad* pad, GstBuffer* buffer) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  Picture picture = picture_of(buffer, caps);
  gst_caps_unref(caps);
  return picture;
}

/// Takes the stamp of every third frame, and remembers the frames. Of a frame without a stamp all pixels
/// count as face: it is to be covered whole.
GstPadProbeReturn lose(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto& watched = *static_cast<Watched*>(data);
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  const Picture picture = picture_on(pad, buffer);
  const std::lock_guard lock(watched.mutex);
  if ((watched.lost.size() + watched.kept.size()) % 3 != 1) {
    watched.kept.push_back({picture.time, picture.luma, surely_face(picture)});
    return GST_PAD_PROBE_OK;
  }
  watched.lost.push_back(
      {picture.time, picture.luma, cv::Mat(picture.luma.size(), CV_8UC1, cv::Scalar(255))});
  strip(buffer);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn look(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto& watched = *static_cast<Watched*>(data);
  Picture picture = picture_on(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  const std::lock_guard lock(watched.mutex);
  watched.pictures.push_back(std::move(picture));
  return GST_PAD_PROBE_OK;
}

std::uint64_t number(GstElement* cover, const char* field) {
  GstStructure* stats = nullptr;
  g_object_get(cover, "stats", &stats, nullptr);
  guint64 value = 0;
  gst_structure_get_uint64(stats, field, &value);
  gst_structure_free(stats);
  return value;
}

/// A graph that runs with stamps lost before each of its covers.
class Graph {
public:
  explicit Graph(const Words& words) {
    std::vector<const gchar*> argv;
    for (const auto& word : words)
      argv.push_back(word.c_str());
    argv.push_back(nullptr);
    GError* error = nullptr;
    pipeline_ = gst_parse_launchv_full(argv.data(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (pipeline_ == nullptr)
      throw std::runtime_error(error->message);
    GstIterator* elements = gst_bin_iterate_recurse(GST_BIN(pipeline_));
    gst_iterator_foreach(
        elements,
        [](const GValue* item, gpointer self) {
          static_cast<Graph*>(self)->watch(GST_ELEMENT(g_value_get_object(item)));
        },
        this);
    gst_iterator_free(elements);
  }
  ~Graph() {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  /// Runs to the end. Returns the error's sentence, or "".
  std::string run() {
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline_);
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, 240 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
    gst_object_unref(bus);
    gst_element_set_state(pipeline_, GST_STATE_NULL); // no thread adds to what was seen
    std::string said = message == nullptr ? "it does not end" : "";
    if (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError* error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      said = error->message;
      g_error_free(error);
    }
    if (message != nullptr)
      gst_message_unref(message);
    return said;
  }
  [[nodiscard]] const std::vector<std::unique_ptr<Watched>>& covers() const { return covers_; }

private:
  void watch(GstElement* element) {
    if (!is_cover(factory_of(element)))
      return;
    Watched& watched = *covers_.emplace_back(std::make_unique<Watched>(element, factory_of(element)));
    GstPad* before = behind_queue(element);
    gst_pad_add_probe(before, GST_PAD_PROBE_TYPE_BUFFER, lose, &watched, nullptr);
    gst_object_unref(before);
    GstPad* behind = gst_element_get_static_pad(element, "src");
    gst_pad_add_probe(behind, GST_PAD_PROBE_TYPE_BUFFER, look, &watched, nullptr);
    gst_object_unref(behind);
  }

  std::vector<std::unique_ptr<Watched>> covers_{};
  GstElement* pipeline_ = nullptr;
};

/// The words from facedetect to the cover, between a file and a sink that shows nothing: for a graph of a
/// camera.
Words between_file_and_nothing(const Words& words, const std::string& clip) {
  Words cut{"filesrc", "location=" + clip, "!", "decodebin", "!", "videoconvert", "!"};
  const auto first = std::ranges::find(words, "deidfacedetect");
  const auto cover = std::find_if(first, words.end(), is_cover);
  cut.insert(cut.end(), first, std::find(cover, words.end(), "!"));
  cut.insert(cut.end(), {"!", "fakesink"});
  return cut;
}

class Queue : public ClipTest {
protected:
  void SetUp() override {
    ClipTest::SetUp();
    if (!fs::exists(footage_dir() / "single_face.mp4") || !have("ffmpeg"))
      GTEST_SKIP() << "the clip that set-up fetches or ffmpeg is not there";
    clip_ = make("clip.mkv", "-i '" + (footage_dir() / "single_face.mp4").string() + "' -frames:v " +
                                 std::to_string(count) + " -c:v libx264 -qp 4 -pix_fmt yuv420p");
    std::ofstream(dir / "gst-launch-1.0") << "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";
    fs::permissions(dir / "gst-launch-1.0", fs::perms::owner_all);
  }
  /// What a command gives to gst-launch-1.0.
  [[nodiscard]] Words words_of(const std::string& command) const {
    std::istringstream lines(output_of("PATH='" + dir.string() + "':$PATH; " + command));
    Words words;
    for (std::string word; std::getline(lines, word);)
      if (word != "-e" && word != "-q")
        words.push_back(word);
    return words;
  }
  [[nodiscard]] Words words_of_run(const std::string& input, const std::string& options) const {
    return words_of("eval \"$('" + std::string(DEID_PROGRAM) + "' run " + input + " -o '" +
                    (dir / "out.mp4").string() + "' " + options + " --dry-run)\"");
  }
  [[nodiscard]] Words words_of_run(const std::string& options) const {
    return words_of_run("'" + clip_.string() + "'", options);
  }
  [[nodiscard]] Words words_of_script(const fs::path& script, const std::string& in) const {
    return words_of("'" + script.string() + "' '" + in + "' '" + (dir / "out.mkv").string() + "'");
  }
  /// Every frame without a stamp is covered whole, and no face of the others leaves.
  void covers_all(const std::string& name, const Words& words) const {
    Graph graph(words);
    EXPECT_EQ(graph.run(), "") << name;
    ASSERT_FALSE(graph.covers().empty()) << name;
    for (const auto& watched : graph.covers()) {
      EXPECT_EQ(watched->pictures.size(), watched->lost.size() + watched->kept.size()) << name;
      EXPECT_GE(watched->lost.size(), watched->kept.size() / 3) << name;
      EXPECT_GT(watched->lost.size(), 0U) << name;
      EXPECT_EQ(number(watched->cover, "doubt-no-stamp"), watched->lost.size()) << name;
      EXPECT_EQ(number(watched->cover, "frames-covered"), watched->lost.size()) << name;
      const std::string story = name + ", " + watched->factory;
      const auto of = [&](const Truth& truth) {
        std::vector<Picture> left;
        std::ranges::copy_if(watched->pictures, std::back_inserter(left), [&](const Picture& picture) {
          return std::ranges::any_of(truth, [&](const Original& o) { return o.time == picture.time; });
        });
        return left;
      };
      const Leak found = report("stamps lost in the queue: " + story, "covered whole",
                                static_cast<int>(watched->lost.size()), watched->lost, of(watched->lost));
      if (watched->factory != "deidfaceswap") // swap_test.cpp judges what a swap shows
        report("the frames between, with stamps: " + story, "faces covered",
               static_cast<int>(watched->kept.size()), watched->kept, of(watched->kept));
      EXPECT_GT(found.face, 0) << name << ": no face was looked for";
    }
  }
  fs::path clip_{};
  const fs::path scripts_ = fs::path(DEID_SOURCE_DIR) / "pipelines/graphs";
};

TEST_F(Queue, OfDeidRunLosesStamps) {
  for (const char* method : {"mask", "blur", "pixelate", "swap"})
    covers_all(std::string("deid run --method ") + method, words_of_run(std::string("--method ") + method));
}

TEST_F(Queue, OfAMeasuredRunLosesStamps) {
  covers_all("deid run --measure",
             words_of_run("--method mask --measure '" + (dir / "measured.json").string() + "'"));
}

TEST_F(Queue, OfALiveRunLosesStamps) {
  for (const char* method : {"mask", "swap"})
    covers_all(std::string("deid run --camera --method ") + method,
               between_file_and_nothing(
                   words_of_run("--camera /dev/video0", std::string("--method ") + method), clip_));
}

TEST_F(Queue, OfARunThatStopsOnDoubtLosesStamps) {
  Graph graph(words_of_run("--method mask --on-doubt error"));
  EXPECT_NE(graph.run(), "");
  ASSERT_EQ(graph.covers().size(), 1U);
  const Watched& watched = *graph.covers().front();
  ASSERT_GT(watched.lost.size(), 0U);
  EXPECT_EQ(watched.pictures.size(), 1U) << "the frames before the first lost stamp";
  report("stamps lost in the queue: deid run --on-doubt error", "stopped", static_cast<int>(count),
         watched.kept, watched.pictures);
}

TEST_F(Queue, OfEachReadyGraphLosesStamps) {
  fs::create_directories(dir / "in");
  fs::create_directories(dir / "out");
  output_of("ffmpeg -nostdin -v error -i '" + clip_.string() + "' -q:v 2 -start_number 0 '" +
            (dir / "in").string() + "/%04d.jpg'");
  const std::set<fs::path> files{fs::directory_iterator(scripts_), {}};
  std::size_t seen = 0;
  for (const fs::path& script : files) {
    if (script.extension() != ".sh")
      continue;
    const std::string name = script.filename();
    if (name == "images-to-images.sh")
      covers_all(name, words_of("'" + script.string() + "' '" + (dir / "in/%04d.jpg").string() + "' '" +
                                (dir / "out/%04d.jpg").string() + "'"));
    else if (const Words words = words_of_script(script, clip_);
             std::ranges::find(words, "filesrc") != words.end())
      covers_all(name, words);
    else
      covers_all(name, between_file_and_nothing(words, clip_));
    ++seen;
  }
  EXPECT_GE(seen, 10U);
}

} // namespace
} // namespace deid::test
