// The list of moments, worst first, each with its reason and a strip of frames.
import {begin_to_look, seconds_looked, set_up_attention} from "./attention.js";
import {$, button, make, say} from "./dom.js";
import {apply, changed, current, model, on, open_moments} from "./model.js";
import {bitmap} from "./pictures.js";
import {close_sheet, set_up_sheet, sheet_is_open, sheet_moments, sheet_seen} from "./sheet.js";
import {plural, span} from "./words.js";
import {show} from "./viewer.js";

const strip_frames = 5;
const page_rows = 100;   // rows that are listed at once: thousands would make the page slow
let most_rows = page_rows;

/** The part of the frame around the moment's box, three times as large as it. */
function part(moment) {
  const {width, height} = model.video;
  if (!moment.box) return [0, 0, width, height];
  const [x, y, w, h] = moment.box;
  const side = Math.min(Math.max(3 * Math.max(w, h), width / 8), width, height);
  const left = Math.min(Math.max(0, x + w / 2 - side / 2), width - side);
  const top = Math.min(Math.max(0, y + h / 2 - side / 2), height - side);
  return [left, top, side, side];
}

async function draw_strip(canvas, moment) {
  const [x, y, w, h] = part(moment);
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio / strip_frames) || 60;
  const height = Math.round(width * Math.min(1, h / w));
  Object.assign(canvas, {width: width * strip_frames, height});
  canvas.classList.add("drawn");
  const draw = canvas.getContext("2d");
  for (let n = 0; n < strip_frames; ++n) {
    const frame = Math.round(moment.first + (moment.last - moment.first) * n / (strip_frames - 1));
    try {
      const picture = await bitmap("result", frame);
      const scale = picture.width / model.video.width;
      draw.drawImage(picture, x * scale, y * scale, w * scale, h * scale, n * width, 0, width - 2, height);
    } catch {
      return; // the list is of use without its pictures
    }
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const {isIntersecting, target} of entries) {
    if (!isIntersecting) continue;
    watch.unobserve(target);
    const moment = model.moments.find((one) => String(one.id) === target.dataset.moment);
    if (moment) draw_strip(target, moment);
  }
}, {rootMargin: "200px"});

function state_of(moment) {
  if (moment.left) return "left unseen";
  return moment.seen ? "seen" : "open";
}

function row(moment, rank) {
  const strip = make("canvas", {class: "strip", "data-moment": String(moment.id), "aria-hidden": "true"});
  watch.observe(strip);
  const height = make("span", {class: "height"}), risk = make("span", {class: "risk", title: "risk"}, height);
  height.style.width = `${Math.round(100 * moment.risk)}%`;
  const chosen = moment.id === model.moment;
  return make("li", {},
    make("button", {type: "button", class: `moment ${state_of(moment).replace(" ", "-")}${sheet_moments().includes(moment.id) ? " shown" : ""}`, "data-id": String(moment.id),
                    "aria-current": chosen ? "true" : null, onclick: () => choose_moment(moment.id)},
      make("span", {class: "rank"}, String(rank)), risk,
      make("span", {class: "state"}, state_of(moment)),
      make("span", {class: "reason"}, moment.text),
      make("span", {class: "quiet"}, span(moment.first, moment.last, model.video)),
      strip));
}

const is_listed = (moment, only) => !only || state_of(moment) === "open" || moment.id === model.moment;

/** The last row of a long list. */
function more(count) {
  return make("li", {class: "none"}, button(`Show ${Math.min(count, page_rows)} more of ${count}`, () => {
    const first = most_rows;
    most_rows += page_rows;
    list();
    $("moments").children[first]?.querySelector("button")?.focus();
  }));
}

function list() {
  const only = $("only-open").checked;
  const listed = [...model.moments.entries()].filter(([, moment]) => is_listed(moment, only));
  most_rows = Math.max(most_rows, listed.findIndex(([, moment]) => moment.id === model.moment) + 1);
  const rows = listed.slice(0, most_rows).map(([index, moment]) => row(moment, index + 1));
  if (listed.length > most_rows) rows.push(more(listed.length - most_rows));
  const focused = document.activeElement?.dataset?.id;
  $("moments").replaceChildren(...(rows.length ? rows : [make("li", {class: "quiet none"}, "No moment is open.")]));
  if (focused) $("moments").querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  const left = open_moments().length;
  $("counts").textContent = model.moments.length
    ? `${model.moments.length - left} of ${plural(model.moments.length, "moment")} done` : "no moments";
  show_button();
  const out = model.video.moments_left_out || 0;
  $("left-out").textContent = out ? `${plural(out, "less doubtful moment is", "less doubtful moments are")} not listed.` : "";
}

function show_button() {
  const together = sheet_moments().length;
  $("seen").textContent = together ? `All ${together} seen, next` : "Seen, next";
  $("seen").disabled = sheet_is_open() ? !together : !current();
  $("view-pictures").setAttribute("aria-pressed", String(sheet_is_open()));
}

/** Makes a moment the chosen one. */
function choose(id) {
  close_sheet();
  model.moment = id;
  begin_to_look(id !== null);
  changed("moment");
  list();
}

/** A picture of the sheet is looked at in the film. */
async function choose_frame(id, frame) {
  choose(id);
  await show(frame);
}

export async function choose_moment(id) {
  choose(id);
  const moment = current();
  if (!moment) return;
  $("moments").querySelector('[aria-current="true"]')?.scrollIntoView({block: "nearest"});
  say(moment.text);
  const risky = Math.round((moment.first + moment.last) / 2);
  await show(moment.last - moment.first > 2 ? moment.first : risky);
}

/** The next or the one before, among those that are listed. */
export function go(by) {
  const only = $("only-open").checked;
  const listed = model.moments.filter((moment) => is_listed(moment, only));
  const now = listed.findIndex((moment) => moment.id === model.moment);
  const next = listed[now < 0 ? 0 : Math.min(Math.max(0, now + by), listed.length - 1)];
  if (next) choose_moment(next.id);
}

/** The moments of the sheet, or the chosen one, are seen; the next open ones come. */
export async function seen() {
  if (sheet_is_open()) {
    await sheet_seen();
    return;
  }
  const moment = current();
  if (!moment) return;
  const seconds = seconds_looked();
  const place = model.moments.findIndex((one) => one.id === moment.id);
  if (!await apply({kind: "seen", moment: moment.id, seconds})) return;
  const rest = [...model.moments.slice(place + 1), ...model.moments.slice(0, place)];
  const next = rest.find((one) => !one.seen && !one.left);
  if (next) await choose_moment(next.id);
  else say("All moments are seen");
}

export function set_up_moments() {
  set_up_sheet(choose_frame);
  set_up_attention(() => sheet_is_open() || model.moment !== null);
  on("moments sheet", list);
  $("seen").addEventListener("click", seen);
  $("only-open").addEventListener("change", list);
}
