// Begins: waits for the video, then puts the parts together.
import {get, post} from "./api.js";
import {set_up_corrections} from "./corrections.js";
import {$, alarm, button, make} from "./dom.js";
import {set_up_drawing} from "./drawing.js";
import {set_up_finish, watch_look, watch_pictures} from "./finish.js";
import {set_up_keys} from "./keys.js";
import {changed, model, tried} from "./model.js";
import {choose_moment, set_up_moments} from "./moments.js";
import {forget_result} from "./pictures.js";
import {set_up_people} from "./people.js";
import {set_up_player} from "./player.js";
import {close_sheet, open_sheet} from "./sheet.js";
import {set_up_timeline} from "./timeline.js";
import {set_up_viewer, show, step} from "./viewer.js";
import {plural} from "./words.js";

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function wait_text(...lines) {
  $("waiting-text").replaceChildren(...lines.map((line) => make("p", {}, line)));
}

function batch_row(video) {
  const state = {open: "open", done: "done"}[video.state] || video.state;
  const left = video.moments_left === null || video.moments_left === undefined ? "" : `, ${plural(video.moments_left, "moment")} left`;
  const locked = video.locked_by ? `, ${video.locked_by} works on it` : "";
  return make("li", {class: "card batch"}, make("h2", {}, video.name), make("p", {class: "quiet"}, `${state}${left}${locked}`),
    button("Review", () => open(video.name), {disabled: Boolean(video.locked_by), "aria-label": `Review ${video.name}`}));
}

async function choose() {
  close_sheet();
  $("work").hidden = true;
  $("waiting").hidden = false;
  $("waiting-progress").hidden = true;
  const videos = await get("batch");
  const done = videos.filter((video) => video.state === "done").length;
  wait_text(`${done} of ${plural(videos.length, "video")} done.`);
  $("batch").replaceChildren(...videos.map(batch_row));
}

async function open(name) {
  const desk = await tried(() => post("open", {name}));
  if (desk) await begin();
}

/** Waits until a video is open. Returns false when one must be chosen, or none can be opened. */
async function opened() {
  while (true) {
    const desk = await get("desk");
    model.desk = desk;
    $("videos").hidden = !desk.batch;
    if (desk.state === "open") return true;
    if (desk.state === "choose") return false;
    if (desk.state === "failed") {
      wait_text("The video cannot be reviewed.", desk.error);
      $("waiting-progress").hidden = true;
      return false;
    }
    wait_text(`Opening ${desk.name}.`);
    $("batch").replaceChildren();
    $("waiting-progress").hidden = false;
    await pause(100);
  }
}

async function load() {
  const [video, moments, timeline, state] = await Promise.all(["video", "moments", "timeline", "state"].map(get));
  Object.assign(model, {video, moments, timeline, state, moment: null, region: null, frame: 0});
  model.revision += 1;
  forget_result();
  $("name").textContent = video.name;
  document.title = `Review: ${video.name}`;
  $("work").hidden = false;
  $("waiting").hidden = true;
  changed("video", "timeline", "state", "moments");
}

async function begin() {
  if (!await opened()) {
    if (model.desk.batch && model.desk.state === "choose") await choose();
    return;
  }
  await load();
  if (model.desk.original === "shown") $("show-original").click();
  const first = model.moments.find((moment) => !moment.seen && !moment.left) || model.moments[0];
  if (first) await choose_moment(first.id);
  else await show(0);
  await open_sheet();
  document.body.dataset.ready = "yes";
  watch_pictures();
  watch_look();
}

function set_up_tabs() {
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.addEventListener("click", () => {
      document.body.dataset.tab = tab.dataset.tab;
      for (const other of document.querySelectorAll(".tabs button")) other.setAttribute("aria-pressed", String(other === tab));
    });
  }
}

for (const set_up of [set_up_viewer, set_up_drawing, set_up_player, set_up_moments, set_up_timeline, set_up_people,
                      set_up_corrections, set_up_finish, set_up_keys, set_up_tabs]) set_up();
$("back").addEventListener("click", () => step(-1));
$("on").addEventListener("click", () => step(1));
$("videos").addEventListener("click", () => tried(choose));
begin().catch((error) => {
  wait_text(error.message);
  alarm(error.message);
});
