#pragma once
#include "pipelines/deid/failure.hpp"
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace deid::review {

using Json = nlohmann::ordered_json;
/// What is wrong, and what the user does about it, in one sentence or two. The server answers with its text.
using UserError = cli::Failure;

/// The files of one review.
struct Files {
  std::filesystem::path original{}; ///< the input of `deid run`
  std::filesystem::path result{};   ///< its output
  std::filesystem::path audit{};    ///< its audit; empty: result with the extension .jsonl
  std::filesystem::path review{};   ///< corrections; empty: result with the extension .review.json
};

struct SessionOptions {
  bool no_original = false; ///< video() says so; no picture of the original may be shown
  bool look = true;         ///< open() takes the second look when nobody did yet; false: look() does
  /// Called during the second look of open() with its progress [0..1]. False ends open() with an error.
  std::function<bool(double)> progress{};
  std::filesystem::path program{}; ///< `deid`, for render(); empty: the running program
};

/// One video, its result, and what a person says about it. Each change is on disk when the call returns. A
/// lock file keeps a second session away from the same video; it is free when its process ends. Frames are
/// numbered from 0, in the order in which they are shown. Boxes are [x, y, width, height] in px of the
/// upright frame. People are numbers: ids of the audit, or new ones after a split. Thread: any.
class Session {
public:
  /// Reads and compares the files. Throws UserError: a file is missing or damaged, the audit belongs to
  /// another video (SHA-256, number of frames), another session has the video.
  static std::unique_ptr<Session> open(const Files& files, const SessionOptions& options = {});
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// {name, width, height, frames, fps: [n, d], seconds, no_original, result_name, looked, moments_left_out}.
  /// result_name: of the file that a person looks at: the last render, or the result. looked: whether the
  /// second look was taken.
  virtual Json video() const = 0;
  /// [{id, first, last, risk [0..1], reason, reasons, text, person or null, box or null, seen,
  /// seconds_looked, left}], worst first. reason: a code; text: a sentence. left: why nobody looked at it, or
  /// null.
  virtual Json moments() const = 0;
  /// {moments: [id], tiles: n, strips: [{question, moments: [{moment: id, text}], tiles: [{frame, part: [x,
  /// y, width, height], moment: id}]}]}: the worst open moments, as many as one screen shows, each with its
  /// frames and places; strips is empty when none is open. {kind: "seen", moments, seconds} settles them
  /// together.
  virtual Json sheet() const = 0;
  /// [sheet()]: all sheets that sheet() would give one after the other, were each seen.
  virtual Json sheets() const = 0;
  /// {person, frames, tiles: [{frame, part}]}: a person (after merges and splits) from the first frame to the
  /// last, evenly spread; frames: how many have the person. Throws UserError when there is no such person.
  virtual Json person_sheet(int person) const = 0;
  /// Takes the second look, which finds faces in the result that nothing covers, and keeps it beside the
  /// review. Moments may change. Does nothing when it was taken before. Takes about as long as the video
  /// plays; other calls work meanwhile. progress: [0..1]; false stops, and UserError is thrown.
  virtual void look(const std::function<bool(double)>& progress) = 0;
  /// {people: [{id, name, method or null, target or null, other, spans: [{first, last, treatment}]}],
  /// risk: [{first, last, risk}], cuts: [frame], zones: [{edit, box, first, last}], mutes: [{edit, first,
  /// last}]}.
  virtual Json timeline() const = 0;
  /// {edits: [...], can_undo, can_redo, dirty, rendered or null, signed or null, unseen}. dirty: corrections
  /// are newer than the last render. unseen: number of moments that nobody looked at or left.
  virtual Json state() const = 0;
  /// {regions: [{person, box, treatment, source: "audit" or "edit", edit or null, shape, origin}]}. Throws
  /// UserError when there is no such frame.
  virtual Json frame(int index) const = 0;

  /// Applies one operation and returns state(). Throws UserError when it does not fit; then nothing changed.
  ///   {kind: "add_region", frame, shape: "box" or "ellipse", box, person or null, treatment: "blur" or
  ///     "mask", first?, last?}: followed in both directions until it is lost, a cut, or first or last
  ///   {kind: "move_region", edit, frame, box}: a new key frame; followed from there to the next key frame
  ///   {kind: "end_region", edit, frame, side: "before" or "after"}: the region ends there
  ///   {kind: "delete_edit", edit}
  ///   {kind: "no_face", person, first, last}
  ///   {kind: "zone", box, first, last}
  ///   {kind: "treatment", person, method: "swap", "other", "blur", "mask" or "keep", target: null, why or
  ///   null} {kind: "merge", people: [a, b]}, {kind: "split", person, frame} {kind: "sound", what: "mute",
  ///   first, last} {kind: "seen", moment, seconds}, {kind: "seen", moments: [..], seconds: of all
  ///   together}, {kind: "leave", moment, why}: no corrections; undo passes over them
  virtual Json apply(const Json& operation) = 0;
  virtual Json undo() = 0; ///< returns state(); UserError when there is nothing to undo
  virtual Json redo() = 0;

  /// Renders again with the corrections, into the result's name with ".reviewed" before its extension, in a
  /// child process. progress: [0..1], false stops. Returns {changed_frames, output}. Throws UserError; then
  /// no file has changed.
  virtual Json render(const std::function<bool(double)>& progress) = 0;
  /// {name, role, second: bool, leave: [moment ids], why}. Writes the record beside the result, as JSON and
  /// HTML, and returns it. Throws UserError: corrections are not rendered, moments are neither seen nor left,
  /// the second reader is the first, or there is no first.
  virtual Json sign(const Json& who) = 0;
  /// {fine: bool, problems: [sentence]}: whether the record is true to the files.
  virtual Json check() const = 0;

protected:
  Session() = default;
};

} // namespace deid::review
