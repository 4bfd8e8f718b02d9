#include "pipelines/deid/review/record.hpp"
#include "models/files/sha256.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <fstream>

namespace deid::review {

namespace fs = std::filesystem;
using cli::Failure;

namespace {

constexpr int record_form = 1;
constexpr std::uintmax_t most_bytes = 64U << 20U;

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.back()))
    text.pop_back();
  text.erase(text.begin(), std::ranges::find_if_not(text, blank));
  return text;
}

Json facts(const Bound& file) {
  return {
      {"name", file.path.filename().string()}, {"sha256", file.facts.sha256}, {"bytes", file.facts.bytes}};
}

/// SHA-256 of the record without its own sum.
std::string sum_of(Json record) {
  record.erase("sum");
  const std::string text = record.dump();
  files::Sha256 sum;
  sum.add(std::as_bytes(std::span(text)));
  return sum.hex();
}

Json looked_at(const Moments& moments, const Stored& stored, const Signer& who) {
  Json list = Json::array();
  for (const Moment& moment : moments.shown) {
    const auto seen = stored.seen.find(moment.id);
    const auto left = stored.left.find(moment.id);
    Json one{{"moment", moment.id},
             {"first", moment.main.first},
             {"last", moment.main.last},
             {"risk", moment.main.risk},
             {"text", moment.main.text}};
    one["seconds"] = seen == stored.seen.end() ? 0 : seen->second;
    if (seen == stored.seen.end())
      one["left"] = left != stored.left.end() ? left->second : who.why;
    list.push_back(std::move(one));
  }
  return list;
}

Json kept_visible(const Edits& edits) {
  Json list = Json::array();
  for (const auto& [edit, choice] : edits.choices())
    if (const Choice* last = edits.choice_of(choice.person); last == &choice && choice.method == "keep")
      list.push_back({{"person", choice.person}, {"why", choice.why}});
  return list;
}

void check_all_seen(const Moments& moments, const Stored& stored, const Signer& who) {
  std::size_t open = 0;
  for (const std::string& id : unseen(moments, stored))
    open += who.leave.contains(id) ? 0 : 1;
  if (open > 0)
    throw Failure(std::to_string(open) + " moments were neither looked at nor left with a reason.");
}

Json second_signature(Json record, const Json& signature, const Bound& result) {
  if (record.is_null())
    throw Failure("There is no record yet: the first reader signs first.");
  if (record.at("result").at("sha256") != result.facts.sha256)
    throw Failure("The first reader signed another result. The first reader signs again.");
  if (record.at("signatures").size() > 1)
    throw Failure("Two readers have signed already.");
  if (record.at("signatures").at(0).at("name") == signature.at("name"))
    throw Failure("The second reader is somebody else than the first.");
  record["signatures"].push_back(signature);
  record["sum"] = sum_of(record);
  return record;
}

/// Says when the content of a file beside the record is not what the record says.
void compare(const fs::path& file, const Json& said, const char* what, std::vector<std::string>& problems) {
  std::error_code ec;
  if (!fs::exists(file, ec))
    problems.push_back("The " + std::string(what) + " " + file.filename().string() + " is not there.");
  else if (models::sha256_of(file) != said.at("sha256").get<std::string>())
    problems.push_back("The " + std::string(what) + " " + file.filename().string() +
                       " has changed since it was signed.");
}

} // namespace

Signer signer_in(const Json& json) {
  value::only(json, {"name", "role", "second", "leave", "why"});
  Signer who{.name = trimmed(value::text(json, "name", 200)),
             .role = trimmed(value::text(json, "role", 200))};
  if (who.name.empty() || who.role.empty())
    throw Failure("Type your name and your role.");
  if (json.contains("second")) {
    if (!json["second"].is_boolean())
      throw Failure("\"second\" is true or false.");
    who.second = json["second"].get<bool>();
  }
  if (json.contains("why") && !json["why"].is_null())
    who.why = trimmed(value::text(json, "why"));
  if (json.contains("leave") && !json["leave"].is_null()) {
    if (!json["leave"].is_array())
      throw Failure("\"leave\" is no list.");
    for (const Json& id : json["leave"])
      who.leave.insert(value::text(Json{{"moment", id}}, "moment"));
  }
  if (!who.leave.empty() && who.why.size() < 5)
    throw Failure("Moments that nobody looked at are left only with a reason. Type it.");
  return who;
}

Beside beside(const fs::path& result) {
  const auto with = [&](const char* ending) { return fs::path(result).replace_extension(ending); };
  const fs::path of_batch = result.string() + ".jsonl";
  std::error_code ec;
  const fs::path rendered =
      result.parent_path() / (result.stem().string() + ".reviewed" + result.extension().string());
  return {.audit = fs::exists(of_batch, ec) ? of_batch : with(".jsonl"),
          .review = with(".review.json"),
          .look = with(".look.json"),
          .lock = with(".review.lock"),
          .record = with(".record.json"),
          .page = with(".record.html"),
          .rendered = rendered,
          .rendered_audit = fs::path(rendered).replace_extension(".jsonl")};
}

std::vector<std::string> unseen(const Moments& moments, const Stored& stored) {
  std::vector<std::string> ids;
  for (const Moment& moment : moments.shown)
    if (!stored.seen.contains(moment.id) && !stored.left.contains(moment.id))
      ids.push_back(moment.id);
  return ids;
}

bool is_dirty(const Stored& stored, const Edits& edits) {
  if (stored.rendered.is_null())
    return !edits.empty();
  return stored.rendered.at("edits") != sum_of_edits(stored);
}

Bound final_result(const Stored& stored) {
  if (stored.rendered.is_null())
    return stored.result;
  return {
      stored.rendered.at("output").get<std::string>(),
      {stored.rendered.at("sha256").get<std::string>(), stored.rendered.at("bytes").get<std::uint64_t>()}};
}

Json signed_record(const Stored& stored, const Moments& moments, const Edits& edits, const Signer& who,
                   const std::string& at, const Json& before) {
  if (is_dirty(stored, edits))
    throw Failure("Corrections are not in the result yet. Render again first.");
  check_all_seen(moments, stored, who);
  const Bound result = final_result(stored);
  const Json signature{
      {"name", who.name}, {"role", who.role}, {"at", at}, {"looked_at", looked_at(moments, stored, who)}};
  if (who.second)
    return second_signature(before, signature, result);
  const std::string audit_sum = stored.rendered.is_null()
                                    ? stored.audit.facts.sha256
                                    : stored.rendered.at("audit_sha256").get<std::string>();
  Json record{
      {"record", record_form},
      {"software", {{"name", "gst-deid"}, {"version", DEID_VERSION}}},
      {"original", {{"sha256", stored.original.facts.sha256}, {"bytes", stored.original.facts.bytes}}},
      {"result", facts(result)},
      {"audit", {{"sha256", audit_sum}}},
      {"frames", stored.frames},
      {"moments_left_out", moments.left_out},
      {"corrections", edits.list()},
      {"kept_visible", kept_visible(edits)},
      {"signatures", Json::array({signature})}};
  record["sum"] = sum_of(record);
  return record;
}

Json load_record(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ec;
  if (!in || fs::file_size(file, ec) > most_bytes || ec)
    throw Failure(file.string() + " cannot be opened, or is too large for a record.");
  Json record = value::parsed(in);
  try {
    if (!record.is_object() || record.at("record") != record_form || !record.at("signatures").is_array() ||
        record["signatures"].empty())
      throw Failure(file.string() + " is no record of this version, or it is damaged.");
    record.at("original").at("sha256").get<std::string>();
    record.at("result").at("sha256").get<std::string>();
    record.at("result").at("name").get<std::string>();
    for (const Json& signature : record["signatures"])
      signature.at("name").get<std::string>();
  } catch (const Json::exception&) {
    throw Failure(file.string() + " is no record of this version, or it is damaged.");
  }
  return record;
}

std::vector<std::string> problems_of(const fs::path& file) {
  const Json record = load_record(file);
  std::vector<std::string> problems;
  if (!record.contains("sum") || record["sum"] != sum_of(record))
    problems.emplace_back("The record was changed after it was signed.");
  const fs::path folder = fs::absolute(file).parent_path();
  const fs::path name = record["result"]["name"].get<std::string>();
  if (name.filename() != name || name.empty())
    problems.emplace_back("The record names a result outside of its folder.");
  else
    compare(folder / name, record["result"], "video", problems);
  return problems;
}

} // namespace deid::review
