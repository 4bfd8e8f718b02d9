// Render again, and sign.
import {get, post} from "./api.js";
import {$, alarm, ask, button, make, say} from "./dom.js";
import {changed, model, on, open_moments, refresh, tried, turn} from "./model.js";
import {forget_result} from "./pictures.js";
import {left, plural, time} from "./words.js";

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function progress_dialog() {
  const bar = make("progress", {max: 1, value: 0, "aria-label": "Render"});
  const text = make("p", {role: "status"}, "The whole film is rendered again with the corrections. That takes about as long as the first time.");
  const dialog = make("dialog", {"aria-label": "Render again"}, text, bar,
    make("div", {class: "row"}, button("Stop", () => tried(() => post("stop")))));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return {bar, text, close: () => {
    dialog.close();
    dialog.remove();
  }};
}

async function watch_render(dialog) {
  const begun = performance.now();
  while (true) {
    const job = await get("render");
    if (job.state !== "running") return job;
    dialog.bar.value = job.progress;
    const rest = left(job.progress, (performance.now() - begun) / 1000);
    if (job.progress > 0) dialog.text.textContent = `Rendered: ${Math.floor(100 * job.progress)} %. ${rest}`;
    await pause(300);
  }
}

export async function render() {
  if ($("render").disabled) return;
  if (!await tried(() => post("render"))) return;
  const dialog = progress_dialog();
  const job = await tried(() => watch_render(dialog));
  dialog.close();
  if (!job) return;
  if (job.state === "failed") alarm(job.error);
  if (job.state !== "done") return;
  forget_result();
  model.video = await get("video");
  model.state = await get("state");
  changed("rendered", "state");
  await tried(refresh);
  const frames = job.result.changed_frames;
  const text = `Rendered. ${typeof frames === "number" ? `${plural(frames, "frame")} changed. ` : ""}The result is ${model.video.result_name}.`;
  say(text);
  await ask("The film is rendered", [make("p", {}, text)], [{text: "Go on", strong: true}]);
}

function sign_fields(unseen) {
  const name = make("input", {id: "signer", required: true, maxLength: 200, autocomplete: "name"});
  const role = make("input", {id: "role", required: true, maxLength: 200});
  const second = make("input", {id: "second", type: "checkbox"});
  const why = make("textarea", {id: "leave", rows: 2, required: unseen.length > 0, maxLength: 2000});
  const fields = [make("label", {for: "signer"}, "Your name"), name, make("label", {for: "role"}, "Your role"), role,
    make("label", {class: "check"}, second, " I am the second reader")];
  if (unseen.length) {
    fields.push(make("p", {class: "warn"}, `${plural(unseen.length, "moment is", "moments are")} not seen yet. Close this and look at them, or say why they are left.`),
      make("label", {for: "leave"}, "Why they are left unseen"), why);
  }
  return {fields, value: () => ({name: name.value.trim(), role: role.value.trim(), second: second.checked,
    leave: unseen.map((moment) => moment.id), why: unseen.length ? why.value.trim() : null})};
}

export async function sign() {
  if ($("sign").disabled) return;
  if (model.state.dirty) {
    alarm("Corrections are newer than the result. Render again first, then sign.");
    return;
  }
  if (model.desk.look === "running") {
    alarm("The second look at the result is not finished. Its moments may be missing; sign when it is.");
    return;
  }
  const form = sign_fields(open_moments());
  const who = await ask("Sign the review", form.fields,
    [{text: "Cancel"}, {text: "Sign", strong: true, value: form.value}]);
  if (!who) return;
  const record = await tried(() => post("sign", who));
  if (!record) return;
  model.state = await get("state");
  changed("state");
  await tried(refresh);
  const check = await tried(() => get("check"));
  const fine = check?.fine;
  say("The review is signed");
  await ask(fine ? "Signed" : "Signed, but the record does not fit", [
    make("p", {}, fine ? "The record lies beside the result, as a file for programs and as a page to print. It fits the files." : (check?.problems || []).join(" ")),
    make("p", {class: "quiet"}, `deid review --check tells at any time whether the files are still the same.`)],
  [{text: "Close", strong: true}]);
}

function show_state() {
  const {can_undo, can_redo, dirty, signed} = model.state;
  $("undo").disabled = !can_undo;
  $("redo").disabled = !can_redo;
  $("render").disabled = !dirty;
  $("render").classList.toggle("strong", Boolean(dirty));
  $("sign").disabled = false;
  const note = dirty ? "corrections not rendered yet" : signed ? "signed" : "";
  $("result-note").textContent = note;
}

/** Says how far the second look is, and takes its moments. */
export async function watch_look() {
  const begun = model.desk.look;
  while (model.desk.look === "running") {
    $("look").textContent = `A second detector looks at the result: ${Math.floor(100 * model.desk.progress)} %.`;
    await pause(1000);
    const desk = await tried(() => get("desk"));
    if (!desk || desk.state !== "open") return;
    model.desk = desk;
  }
  $("look").textContent = "";
  if (model.desk.look === "failed" && model.desk.error) alarm(model.desk.error);
  if (begun === "running") await tried(refresh);
}

/** Says how many small pictures are prepared, until all are. */
export async function watch_pictures() {
  while (true) {
    let state = null;
    try {
      state = (await get("pictures")).result;
    } catch {
      return;
    }
    const done = state.frames > 0 && (state.ready >= state.frames || state.full);
    document.body.dataset.prepared = done ? "all" : String(state.ready);
    if (!model.state.dirty && !model.state.signed)
      $("result-note").textContent = done || !state.frames ? "" : `prepared up to ${time(state.ready, model.video)}`;
    if (done) return;
    await pause(2000);
  }
}

export function set_up_finish() {
  $("undo").addEventListener("click", () => turn(true));
  $("redo").addEventListener("click", () => turn(false));
  $("render").addEventListener("click", render);
  $("sign").addEventListener("click", sign);
  on("state", show_state);
  on("rendered", watch_pictures);
}
