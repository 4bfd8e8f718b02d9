// Whether lines of audits are as their schema says, and whether the schema notices what is not.
#include "elements/audit/line.hpp"
#include "tests/support/schema.hpp"

namespace deid::test {
namespace {

using audit::Json;
using audit::Reason;

audit::Face face(audit::Outcome outcome) {
  return {.id = 1, .box = {1, 2, 3, 4}, .score = .5, .origin = Origin::held, .outcome = std::move(outcome)};
}

/// Lines with everything that an audit can hold.
std::vector<Json> lines() {
  audit::Frame frame{.pts = 40};
  for (std::size_t i = 0; i < audit::reason_count; ++i)
    frame.faces.push_back(face({.treatment = Treatment::blurred, .reason = static_cast<Reason>(i)}));
  const audit::Outcome swap{.treatment = Treatment::swapped, .target = "A (B)"};
  for (auto change : std::vector<void (*)(audit::Outcome&)>{
           [](audit::Outcome&) {}, [](audit::Outcome& o) { o.weight = .25; },
           [](audit::Outcome& o) { o.kept = true; }, [](audit::Outcome& o) { o.geometry = .5; },
           [](audit::Outcome& o) { o.distance = .7; },
           [](audit::Outcome& o) {
             o.distance = .7;
             o.rank = {2, 30};
           }}) {
    frame.faces.push_back(face(swap));
    change(frame.faces.back().outcome);
  }
  frame.faces.push_back(face({.reason = Reason::outside}));
  frame.faces.push_back(face({.treatment = Treatment::covered}));
  frame.faces.back().origin.reset();
  const Json settings{{"shape", "box"},     {"method", "fill"}, {"margin", .1},
                      {"color", "#00ff00"}, {"strength", 1.},   {"on_doubt", "drop"}};
  return {audit::to_json(audit::Header{"facemask", "1", settings, "d"}),
          audit::to_json(frame),
          audit::to_json(audit::Frame{}),
          audit::to_json(audit::Frame{.doubt = "no-stamp", .action = "drop"}),
          audit::to_json(audit::Run{{std::string(64, 'a'), 1},
                                    {std::string(64, 'b'), 2},
                                    640,
                                    360,
                                    {{"method", "mask"},
                                     {"crf", 23},
                                     {"speed_preset", "veryfast"},
                                     {"keep_audio", false},
                                     {"keep_going", false},
                                     {"settings", Json::array({Json::array({"cover", "margin", ".2"})})}}}),
          Json{{"input_provenance", {"C2PA manifest"}}},
          Json{{"subject",
                {{"id", "P1"},
                 {"target", "nobody-1"},
                 {"geometry", .2},
                 {"first", true},
                 {"shared_with", {"P2"}}}}}};
}

struct Lines : testing::Test {
  const Scratch scratch{};
  const std::filesystem::path file = scratch.path() / "a.jsonl";
  void SetUp() override { DEID_NEEDS_JSONSCHEMA(); }
  void put(const Json& line) const { write(file, line.dump() + "\n"); }
};

TEST_F(Lines, AreAsTheSchemaSays) {
  std::string text;
  for (const Json& line : lines())
    text += line.dump() + "\n";
  write(file, text);
  expect_schema("audit", file);
}

TEST_F(Lines, AnUnknownKeyIsNoticedEverywhere) {
  for (Json line : lines()) {
    line["colour"] = 1;
    put(line);
    expect_no_schema("audit", file, "'colour' was unexpected");
  }
  Json header = lines()[0], frame = lines()[1];
  header["settings"]["colour"] = 1;
  put(header);
  expect_no_schema("audit", file, "'colour' was unexpected");
  frame["faces"][3]["person"] = "Anna";
  put(frame);
  expect_no_schema("audit", file, "'person' was unexpected");
}

TEST_F(Lines, AWrongValueIsNoticed) {
  const auto with = [this](std::size_t index, const Json& changes) {
    Json frame = lines()[1];
    frame["faces"][index].update(changes);
    put(frame);
  };
  with(0, {{"reason", "because"}});
  expect_no_schema("audit", file, "'because' is not one of");
  with(0, {{"target", "t"}});
  expect_no_schema("audit", file, "'t'"); // some versions of the checker name the value alone
  with(audit::reason_count, {{"reason", "turned"}});
  expect_no_schema("audit", file, "'turned'");
  Json old = lines()[1];
  old["faces"][0].erase("treatment");
  put(old);
  expect_no_schema("audit", file, "'treatment' is a required property");
}

} // namespace
} // namespace deid::test
