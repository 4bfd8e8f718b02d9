#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/review/look.hpp"
#include "pipelines/deid/review/session_impl.hpp"
#include "pipelines/deid/run/facts.hpp"
#include <fstream>

namespace deid::review {

namespace fs = std::filesystem;

namespace {

/// Smaller files are compared whole when they are opened; larger ones before a render and a signature.
constexpr std::uintmax_t compared_at_once = 64U << 20U;

fs::path resolved(const fs::path& path) {
  return fs::absolute(path).lexically_normal();
}

Files completed(Files files) {
  files.original = resolved(files.original);
  files.result = resolved(files.result);
  const Beside near = beside(files.result);
  files.audit = files.audit.empty() ? near.audit : resolved(files.audit);
  files.review = files.review.empty() ? near.review : resolved(files.review);
  return files;
}

} // namespace

std::unique_ptr<Session> Session::open(const Files& files, const SessionOptions& options) {
  auto session = std::make_unique<FileSession>(files, options);
  if (options.look)
    session->look(options.progress);
  return session;
}

FileSession::FileSession(const Files& files, const SessionOptions& options)
    : files_(completed(files)), options_(options), beside_(beside(files_.result)),
      lock_(std::in_place, beside_.lock), audited_(read_audit(files_.audit)), bounds_(bounds_of(audited_)),
      edits_(bounds_) {
  take_stored();
  take_look();
  judge();
}

/// Reads the review file, or begins a new one, and compares what belongs together.
void FileSession::take_stored() {
  Stored fresh;
  fresh.original = {files_.original, audited_.run.original};
  fresh.result = {files_.result, audited_.run.result};
  fresh.audit = {files_.audit, cli::facts_of(files_.audit)};
  audit_sum_ = fresh.audit.facts.sha256;
  fresh.frames = bounds_.frames;
  fresh.size = bounds_.size;
  for (const auto& [file, what] : {std::pair(&fresh.original, "video"), std::pair(&fresh.result, "result")})
    check_content(*file, what, file->facts.bytes <= compared_at_once);
  std::error_code ec;
  if (!fs::exists(files_.review, ec)) {
    stored_ = std::move(fresh);
    return;
  }
  stored_ = load_review(files_.review);
  if (stored_.original.facts != fresh.original.facts || stored_.result.facts != fresh.result.facts ||
      stored_.audit.facts != fresh.audit.facts || stored_.frames != fresh.frames ||
      stored_.size != fresh.size)
    throw UserError(files_.review.string() +
                    " belongs to other videos, or to another run. Move it away to begin a new review.");
  stored_.original.path = fresh.original.path; // files may have moved together
  stored_.result.path = fresh.result.path;
  stored_.audit.path = fresh.audit.path;
  edits_ = Edits::of(bounds_, stored_.history, stored_.position);
  Edits::of(bounds_, stored_.history, stored_.history.size()); // what redo would bring is whole, too
}

/// Reads the second look that was kept, if it is of this audit. A damaged one is taken again.
void FileSession::take_look() {
  std::ifstream in(beside_.look);
  if (!in)
    return;
  try {
    const Json json = value::parsed(in);
    if (!json.is_object() || !json.contains("of") || json["of"] != audit_sum_ || !json.contains("found"))
      return;
    looked_ = looked_in(json["found"], bounds_);
  } catch (const UserError&) {
    looked_.reset();
  }
}

void FileSession::judge() {
  events_ = events_of(audited_, looked_ ? &*looked_ : nullptr);
  moments_ = moments_of(events_, bounds_.frames);
}

void FileSession::look(const std::function<bool(double)>& progress) {
  {
    const std::scoped_lock guard(mutex_);
    if (looked_ || looking_)
      return;
    looking_ = true;
  }
  const Raised raised(mutex_, looking_);
  Looked found = review::look(files_.original, files_.result, audited_, progress);
  const Json kept{{"of", audit_sum_}, {"found", to_json(found)}};
  const std::scoped_lock guard(mutex_);
  looked_ = std::move(found);
  judge();
  try {
    files::write_whole(beside_.look, kept.dump() + "\n", 0600);
  } catch (const files::WriteError&) {
    // the next session looks again
  }
}

/// Changes what is kept, on disk first.
void FileSession::save(Stored changed) {
  save_review(files_.review, changed);
  stored_ = std::move(changed);
}

void FileSession::move_to(std::size_t position) {
  Edits edits = Edits::of(bounds_, stored_.history, position);
  Stored changed = stored_;
  changed.position = position;
  save(std::move(changed));
  edits_ = std::move(edits);
}

Json FileSession::undo() {
  const std::scoped_lock guard(mutex_);
  if (stored_.position == 0)
    throw UserError("There is nothing to undo.");
  move_to(stored_.position - 1);
  return state_locked();
}

Json FileSession::redo() {
  const std::scoped_lock guard(mutex_);
  if (stored_.position == stored_.history.size())
    throw UserError("There is nothing to redo.");
  move_to(stored_.position + 1);
  return state_locked();
}

Json FileSession::apply(const Json& operation) {
  const std::scoped_lock guard(mutex_);
  const std::string kind = value::text(operation, "kind");
  if (kind == "seen" || kind == "leave")
    return mark_seen(operation);
  Json record = record_of(operation);
  Edits edits = edits_;
  edits.apply(record);
  Stored changed = stored_;
  while (changed.history.size() > changed.position)
    changed.history.erase(changed.history.size() - 1);
  changed.history.push_back(std::move(record));
  changed.position = changed.history.size();
  save(std::move(changed));
  edits_ = std::move(edits);
  return state_locked();
}

const Moment& FileSession::moment_of(const std::string& id) const {
  const auto found = std::ranges::find(moments_.shown, id, &Moment::id);
  if (found == moments_.shown.end())
    throw UserError("There is no moment " + id + ".");
  return *found;
}

namespace {

constexpr std::size_t most_together = 1000; ///< moments that one operation settles

/// The ids that an operation names, by "moment" or by "moments".
std::vector<std::string> named_moments(const Json& operation) {
  if (!operation.contains("moments"))
    return {value::text(operation, "moment")};
  const Json& list = operation["moments"];
  if (!list.is_array() || list.empty() || list.size() > most_together)
    throw UserError("\"moments\" is a list of moments.");
  std::set<std::string> ids;
  for (const Json& one : list)
    ids.insert(value::text(Json{{"moment", one}}, "moment"));
  return {ids.begin(), ids.end()};
}

} // namespace

Json FileSession::mark_seen(const Json& operation) {
  const bool seen = operation["kind"] == "seen";
  const char* which = seen && operation.contains("moments") ? "moments" : "moment";
  value::only(operation, {"kind", which, seen ? "seconds" : "why"});
  const std::vector<std::string> ids = named_moments(operation);
  Stored changed = stored_;
  if (seen) {
    int frames = 0;
    for (const std::string& id : ids)
      frames += moment_of(id).main.last - moment_of(id).main.first + 1;
    const double seconds = value::real(operation, "seconds", 0, 1e6) / frames;
    for (const std::string& id : ids) {
      const Event& main = moment_of(id).main;
      changed.seen[id] += seconds * (main.last - main.first + 1); // each its share by its frames
      changed.left.erase(id);
    }
  } else {
    const std::string why = value::text(operation, "why");
    if (why.size() < 5)
      throw UserError("A moment that nobody looks at is left only with a reason. Type it.");
    changed.left[moment_of(ids.front()).id] = why;
  }
  save(std::move(changed));
  return state_locked();
}

Pictures& FileSession::pictures() {
  if (!pictures_)
    pictures_.emplace(files_.original, bounds_.frames);
  return *pictures_;
}

/// The operation as it is kept: numbered, and with the boxes that following found.
Json FileSession::record_of(const Json& operation) {
  const std::string kind = value::text(operation, "kind");
  if (kind == "add_region")
    return drawn(operation);
  if (kind == "move_region")
    return moved(operation);
  Json record = operation;
  if (kind == "end_region" || kind == "delete_edit")
    return record;
  if (record.contains("edit") || record.contains("fresh"))
    throw UserError("The number of a new edit is not chosen by hand.");
  record["edit"] = edits_.next();
  if (kind == "treatment" && value::text(record, "method") == "other")
    name_unwanted(record);
  if (kind == "split")
    record["fresh"] = 500'000'000 + edits_.next_person();
  return record;
}

/// Turns "other" into a swap without the faces that the person had so far.
void FileSession::name_unwanted(Json& record) const {
  const People people = edits_.people();
  const int person = people.merged(value::whole(record, "person", 1, 2'000'000'000));
  std::set<std::string> had;
  if (const Choice* before = edits_.choice_of(person))
    had.insert(before->not_as.begin(), before->not_as.end());
  const auto add = [&](const Audited& audited) {
    for (int i = 0; i < static_cast<int>(audited.frames.size()); ++i)
      for (const KnownFace& face : audited.frames[static_cast<std::size_t>(i)].faces)
        if (face.outcome.treatment == Treatment::swapped && people.at(face.id, i) == person)
          had.emplace(face.outcome.target);
  };
  add(audited_);
  if (!stored_.rendered.is_null())
    add(read_audit(beside_.rendered_audit));
  if (had.empty())
    throw UserError("This person has no synthetic face, so there is no other one.");
  record["method"] = "swap";
  record["not_as"] = had;
}

Json FileSession::drawn(const Json& operation) {
  value::only(operation, {"kind", "frame", "shape", "box", "person", "treatment", "first", "last"});
  const int frame = value::whole(operation, "frame", 0, bounds_.frames - 1);
  if (!operation.contains("box"))
    throw UserError("\"box\" is missing.");
  const cv::Rect2d box = value::box(operation["box"], bounds_.size);
  const int first = operation.contains("first") ? value::whole(operation, "first", 0, frame) : 0;
  const int last = operation.contains("last") ? value::whole(operation, "last", frame, bounds_.frames - 1)
                                              : bounds_.frames - 1;
  const Followed back = pictures().follow(frame, first, box), ahead = pictures().follow(frame, last, box);
  Json record = operation;
  record.erase("last");
  record["edit"] = edits_.next();
  record["box"] = value::json_of(box);
  record["first"] = frame - static_cast<int>(back.boxes.size());
  Json boxes = Json::array();
  for (auto it = back.boxes.rbegin(); it != back.boxes.rend(); ++it)
    boxes.push_back(value::json_of(*it));
  boxes.push_back(value::json_of(box));
  for (const cv::Rect2d& next : ahead.boxes)
    boxes.push_back(value::json_of(next));
  record["boxes"] = std::move(boxes);
  record["ended"] = {to_string(back.ended), to_string(ahead.ended)};
  return record;
}

Json FileSession::moved(const Json& operation) {
  value::only(operation, {"kind", "edit", "frame", "box"});
  const Region& region = edits_.region(value::whole(operation, "edit", 1, 1'000'000));
  const int frame = value::whole(operation, "frame", 0, bounds_.frames - 1);
  if (!operation.contains("box"))
    throw UserError("\"box\" is missing.");
  const cv::Rect2d box = value::box(operation["box"], bounds_.size);
  std::map<int, cv::Rect2d> path; // what was covered stays covered, unless following says better
  for (int i = region.first; i <= region.last(); ++i)
    path[i] = region.at(i);
  const auto after = region.keys.upper_bound(frame);
  const auto from = region.keys.lower_bound(frame);
  const int first = from == region.keys.begin() ? 0 : std::prev(from)->first + 1;
  const int last = after == region.keys.end() ? bounds_.frames - 1 : after->first - 1;
  const Followed back = pictures().follow(frame, first, box), ahead = pictures().follow(frame, last, box);
  for (std::size_t i = 0; i < back.boxes.size(); ++i)
    path[frame - 1 - static_cast<int>(i)] = back.boxes[i];
  for (std::size_t i = 0; i < ahead.boxes.size(); ++i)
    path[frame + 1 + static_cast<int>(i)] = ahead.boxes[i];
  path[frame] = box;
  Json boxes = Json::array();
  for (auto it = path.begin(); it != path.end(); ++it) {
    if (it != path.begin()) { // frames between what is known
      const auto before = std::prev(it);
      for (int i = before->first + 1; i < it->first; ++i)
        boxes.push_back(value::json_of(
            between(before->second, it->second,
                    static_cast<double>(i - before->first) / (it->first - before->first), bounds_.size)));
    }
    boxes.push_back(value::json_of(it->second));
  }
  Json record = operation;
  record["box"] = value::json_of(box);
  record["first"] = path.begin()->first;
  record["boxes"] = std::move(boxes);
  record["ended"] = {to_string(back.ended), to_string(ahead.ended)};
  return record;
}

} // namespace deid::review
