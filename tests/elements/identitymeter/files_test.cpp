// identitymeter's input and output files, and their refusals.
#include "models/autoencoder/sealed.hpp"
#include "tests/elements/base/refusal.hpp"
#include "tests/elements/identitymeter/bench.hpp"
#include "tests/models/autoencoder/random_model.hpp"
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(IdentityMeterFiles, RawDataIsForItsOwnerAlone) {
  const Scratch scratch;
  const fs::path raw = scratch.path() / "raw.jsonl";
  write(raw, "what stood there before");
  fs::permissions(raw, fs::perms::all);
  Chain chain(Properties{{"raw", raw.string()}, {"landmarks", "original"}});
  struct stat info {};
  ASSERT_EQ(::stat(raw.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  chain.caps("I420", 128, 96);
  ASSERT_TRUE(
      chain.passes(patterned(3, {plausible_face({20, 10, 60, 70}, 5), box_face({90, 10, 20, 20}, 6)})));
  chain.meter.end();
  std::istringstream lines(read(raw));
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["format"], "deid-identity-1");
  EXPECT_TRUE(all[0]["stream"].is_string());
  EXPECT_EQ(all[0]["model"]["name"], "face_descriptor");
  EXPECT_EQ(all[0]["model"]["sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(all[0]["interval"], 1);
  const auto& face = all[1];
  EXPECT_EQ(face["pts"], 3 * step);
  EXPECT_EQ(face["frame"], 0); // the first frame
  EXPECT_EQ(face["id"], 5);
  EXPECT_EQ(face["state"], "none");
  EXPECT_EQ(face["landmarks"], "original");
  EXPECT_EQ(face["original"].size(), 128U);
  EXPECT_EQ(face["original"], face["deidentified"]);
  EXPECT_EQ(face["chip_original"].size(), 5U);
  EXPECT_EQ(face["chip_original"], face["chip_deidentified"]);
  EXPECT_NEAR(face["chip_original"][0][0].get<double>(), 20 + .86 * 60, 1e-4);
  EXPECT_EQ(face["d_original"], 0);
  EXPECT_NEAR(face["d_average"].get<double>(), 0, 1e-12);
  EXPECT_TRUE(face["d_target"].is_null() && face["target"].is_null());
  EXPECT_EQ(face["d_second"], 0);
  EXPECT_EQ(face["second_original"].size(), 1024U);
  EXPECT_EQ(face["second_original"], face["second_deidentified"]);
  for (const char* nothing : {"original", "chip_original", "d_original", "d_average", "deidentified",
                              "landmarks", "d_second", "second_original", "second_deidentified"})
    EXPECT_TRUE(all[2][nothing].is_null()) << nothing;
}

TEST(IdentityMeterFiles, TheTableHasTheDistancesAndNothingThatNamesAnybody) {
  const Scratch scratch;
  const fs::path csv = scratch.path() / "distances.csv";
  Chain chain({{"csv", csv.string()}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  ASSERT_TRUE(chain.passes(patterned(3, {plausible_face({20, 10, 60, 70}, 5), box_face({90, 10, 20, 20}, 6)}),
                           [](GstBuffer* in) {
                             record_treatment(in, 5, Treatment::swapped, "a \"name\", with all in it");
                             return in;
                           }));
  chain.meter.end();
  EXPECT_EQ(read(csv), "pts,frame,id,state,target,landmarks,d_original,d_average,d_target,d_second\n"
                       "120000000,0,5,swapped,\"a \"\"name\"\", with all in it\",original,0,0,,0\n"
                       "120000000,0,6,none,,,,,,\n");
}

TEST(IdentityMeterFiles, WithoutRawNothingIsWritten) {
  const Scratch scratch;
  Chain chain;
  chain.caps("I420", 128, 96);
  ASSERT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})})));
  chain.meter.end();
  EXPECT_TRUE(fs::is_empty(scratch.path()));
}

std::string refusal(const Settings& settings) {
  return test::refusal(meter_type(), settings);
}

TEST(IdentityMeterFiles, RefusesWhatMakesNoSense) {
  const Scratch scratch;
  const std::string file = (scratch.path() / "one.json").string();
  EXPECT_THAT(refusal({{"stage", "original"}, {"location", file}}), HasSubstr("only collects faces"));
  for (const char* other : {"location", "csv", "target"})
    EXPECT_NE(refusal({{other, file}, {"raw", file}}), "it started") << other;
  EXPECT_THAT(refusal({{"location", file}, {"csv", file}}), HasSubstr("The measurement cannot begin."));
  for (const std::string& place : {scratch.path().string(), std::string("/dev/null")})
    EXPECT_THAT(refusal({{"raw", place}}), HasSubstr("A file for the distances cannot be opened.")) << place;
  EXPECT_THAT(refusal({{"target", file}}), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal({{"target", scratch.path().string()}}), HasSubstr("it holds no target file"));
  write(file, R"({"format":"deid-target-1","name":"x","descriptor":null})");
  EXPECT_THAT(refusal({{"target", file}}), HasSubstr("it has no descriptor"));
  write(file, R"({"format":"deid-target-1","name":"x","descriptor":[1,2]})");
  EXPECT_THAT(refusal({{"target", file}}), HasSubstr("not an array of 128 numbers"));
  write(file, "no JSON");
  EXPECT_THAT(refusal({{"target", file}}), HasSubstr("not a JSON object"));
  write(file, std::string("DEIDAE01\x10\0\0\0{\"tar", 17));
  EXPECT_THAT(refusal({{"target", file}}), HasSubstr("it is cut off"));
}

TEST(IdentityMeterFiles, WithoutItsNetworksItDoesNotStart) {
  const Scratch scratch;
  const char* models = std::getenv("DEID_MODEL_DIR");
  const std::string before = models == nullptr ? "" : models;
  setenv("DEID_MODEL_DIR", scratch.path().c_str(), 1);
  for (const char* stage : {"original", "deidentified"})
    EXPECT_THAT(refusal(Settings{{"stage", stage}}), HasSubstr("A model file is missing."));
  if (models == nullptr)
    unsetenv("DEID_MODEL_DIR");
  else
    setenv("DEID_MODEL_DIR", before.c_str(), 1);
}

/// 128 numbers, as JSON.
std::string zeros() {
  return nlohmann::json(std::vector<int>(128, 0)).dump();
}

TEST(IdentityMeterFiles, MeasuresToATarget) {
  const Scratch scratch;
  const std::string header =
      R"({"format":"deid-autoencoder-1","target":{"name":"t","descriptor":)" + zeros() + "}}";
  std::string model = "DEIDAE01";
  for (const std::size_t shift : {0U, 8U, 16U, 24U})
    model += static_cast<char>(header.size() >> shift & 0xFFU);
  write(scratch.path() / "target.json",
        R"({"format":"deid-target-1","name":"t","descriptor":)" + zeros() + "}");
  write(scratch.path() / "model.deidae", model + header + "tensors");
  for (const char* name : {"target.json", "model.deidae"}) {
    Chain chain(Properties{{"target", (scratch.path() / name).string()}, {"landmarks", "original"}});
    chain.caps("I420", 128, 96);
    ASSERT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})})));
    EXPECT_EQ(stat(chain.meter.element, "to-target-count"), 1U) << name;
  }
  // from a folder only the face's own target
  Chain chain(Properties{{"target", scratch.path().string()}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  for (const char* wears : {"t", "somebody else", ""})
    ASSERT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})}), [&](GstBuffer* in) {
      record_treatment(in, 1, Treatment::swapped, wears);
      return in;
    }));
  EXPECT_EQ(stat(chain.meter.element, "faces-swapped"), 3U);
  EXPECT_EQ(stat(chain.meter.element, "to-target-count"), 1U);
}

/// A target file of this name whose descriptor is n, 0, 0, ...
void write_target(const fs::path& file, const std::string& name, int n) {
  std::vector<int> numbers(128, 0);
  numbers[0] = n;
  write(file, nlohmann::json{{"format", "deid-target-1"}, {"name", name}, {"descriptor", numbers}}.dump());
}

/// Returns the mean distance of one face with this target; -1 when it is unknown.
double to_target(const std::string& target, const std::string& wears) {
  Chain chain(Properties{{"target", target}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  EXPECT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})}), [&](GstBuffer* in) {
    record_treatment(in, 1, Treatment::swapped, wears);
    return in;
  })) << target;
  GstStructure* stats = nullptr;
  g_object_get(chain.meter.element, "stats", &stats, nullptr);
  const double mean = real(stats, "to-target-mean");
  gst_structure_free(stats);
  return mean;
}

TEST(IdentityMeterFiles, OfAListEachFacesIsTheOneItWears) {
  const Scratch scratch;
  const auto path = [&](const char* name) { return (scratch.path() / name).string(); };
  fs::create_directory(path("bank"));
  write_target(path("bank/one.json"), "nobody-1", 10); // not the nobody-1 of set-up
  write_target(path("two.json"), "nobody-2", 20);
  write_target(path("other.json"), "nobody-1", 30);
  write(path("bank/bare.json"), R"({"format":"deid-target-1","name":"bare","descriptor":null})");
  const std::string header = R"({"target":{"name":"lent","descriptor":)" + zeros() + "}}";
  write(path("m.deidae"), std::string("DEIDAE01") + static_cast<char>(header.size() & 0xFFU) +
                              static_cast<char>(header.size() >> 8U) + std::string(2, '\0') + header +
                              "tensors");
  EXPECT_NEAR(to_target(path("bank"), "nobody-1"), 10, 1); // descriptors are of length 1 or so
  EXPECT_EQ(to_target(path("bank"), "bare"), -1);
  const std::string list = path("two.json") + ":" + path("bank") + ":" + path("m.deidae");
  EXPECT_NEAR(to_target(list, "nobody-1"), 10, 1);
  EXPECT_NEAR(to_target(list, "nobody-2"), 20, 1);
  EXPECT_GT(to_target(list, "lent"), 0);
  EXPECT_EQ(to_target(list, "somebody else"), -1);
  EXPECT_NEAR(to_target(path("two.json"), ""), 20, 1); // a single file holds for all faces
  EXPECT_EQ(to_target(path("two.json") + ":", ""), -1);
  // two descriptors for one name
  EXPECT_EQ(to_target(path("bank") + ":" + path("other.json"), "nobody-1"), -1);
  EXPECT_THAT(refusal({{"target", path("two.json") + ":" + path("none.json")}}),
              HasSubstr("there is no such file"));
  EXPECT_NE(refusal({{"target", list}, {"raw", path("two.json")}}), "it started");
}

TEST(IdentityMeterFiles, AnEncryptedModelIsOpenedWithTheEnvironmentsPassphrase) {
  if (!models::autoencoder::can_seal())
    GTEST_SKIP() << "this build has no libsodium";
  const Scratch scratch;
  const std::string file = (scratch.path() / "m.deidae").string();
  models::autoencoder::ModelFile model = random_model("light96");
  model.target.name = "lent";
  model.target.descriptor = {};
  model.target.descriptor.at(0) = 10;
  models::autoencoder::write_model(file, model, "a word");
  unsetenv("DEID_MODEL_PASSPHRASE");
  EXPECT_THAT(refusal({{"target", file + ":"}}), HasSubstr("no passphrase"));
  setenv("DEID_MODEL_PASSPHRASE", "a word", 1);
  EXPECT_NEAR(to_target(file + ":", "lent"), 10, 1);
  unsetenv("DEID_MODEL_PASSPHRASE");
}

TEST(IdentityMeterFiles, AReportThatCannotBeWrittenIsAnErrorAtTheEnd) {
  const Scratch scratch;
  MeterBench bench(Properties{{"location", (scratch.path() / "none" / "report.json").string()}});
  bench.caps("I420", 128, 96);
  gst_buffer_unref(through(bench, patterned(0, {})));
  bench.end();
  const Said said = bench.heard();
  EXPECT_EQ(said.error, error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE));
  EXPECT_EQ(said.sentence, "The report cannot be written.");
  EXPECT_TRUE(said.summaries.empty());
}

TEST(IdentityMeterFiles, ADiskThatIsFullStopsItBeforeTheFrameLeaves) {
  const Scratch scratch;
  Chain chain(Properties{{"raw", (scratch.path() / "raw.jsonl").string()}});
  chain.caps("I420", 128, 96);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small); // like a full disk
  const bool passed = chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})}));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(passed);
  chain.meter.end();
  const Said said = chain.meter.heard();
  EXPECT_EQ(said.sentence, "The distances cannot be written.");
  EXPECT_TRUE(said.summaries.empty()); // an incomplete measurement must not look complete
}

TEST(IdentityMeterFiles, StoppedWithoutAnEndItStillReportsOnce) {
  const Scratch scratch;
  Chain chain(Properties{{"location", (scratch.path() / "report.json").string()}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
  gst_element_set_state(chain.meter.element, GST_STATE_NULL);
  const Said said = chain.meter.heard();
  ASSERT_EQ(said.summaries.size(), 1U);
  EXPECT_EQ(json_of(scratch.path() / "report.json")["counts"]["measured"], 3);
}

} // namespace
} // namespace deid::test
