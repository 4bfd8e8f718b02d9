// The two pictures: the result with its regions, and the original after a click.
import {$, say} from "./dom.js";
import {post} from "./api.js";
import {changed, current, model, on, tried} from "./model.js";
import {bitmap, expect, regions_of} from "./pictures.js";
import {plural, time, treatment} from "./words.js";

/** What lies on the picture: regions of the frame, and the shape that is being drawn. */
export const overlay = {regions: [], draft: null, closer: false};

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Where the picture lies within its canvas, which may be wider or higher: {left, top, width, height} [px of the window]. */
export function picture_box(canvas) {
  const box = canvas.getBoundingClientRect(), aspect = model.video.width / model.video.height;
  const width = Math.min(box.width, box.height * aspect), height = width / aspect;
  return {left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2, width, height};
}

/** Gives the canvas as many pixels as the screen has for its picture. */
function fit(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(picture_box(canvas).width * ratio));
  const height = Math.max(1, Math.round(width * model.video.height / model.video.width));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
}

function path(draw, shape, [x, y, w, h]) {
  draw.beginPath();
  if (shape === "ellipse") draw.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
  else draw.rect(x, y, w, h);
}

/** A line around a box of the canvas. A dark line below a coloured one is seen on every picture. */
export function outline(draw, shape, box, name, wide, dashed = false) {
  const ratio = window.devicePixelRatio || 1;
  path(draw, shape, box);
  draw.setLineDash([]);
  draw.lineWidth = (wide + 2) * ratio;
  draw.strokeStyle = "rgba(0,0,0,.65)";
  draw.stroke();
  draw.setLineDash(dashed ? [6 * ratio, 4 * ratio] : []);
  draw.lineWidth = wide * ratio;
  draw.strokeStyle = colour(name);
  draw.stroke();
  draw.setLineDash([]);
}

/** The same around a box of the video. */
function stroke(draw, shape, box, name, {wide = 2, dashed = false} = {}) {
  const scale = draw.canvas.width / model.video.width;
  const scaled = box.map((value) => value * scale);
  outline(draw, shape, scaled, name, wide, dashed);
  return scaled;
}

function handles(draw, [x, y, w, h]) {
  const side = 9 * (window.devicePixelRatio || 1);
  draw.fillStyle = colour("--chosen");
  draw.strokeStyle = "#000";
  draw.lineWidth = 1;
  for (const [cx, cy] of [[x, y], [x + w, y], [x, y + h], [x + w, y + h]]) {
    draw.fillRect(cx - side / 2, cy - side / 2, side, side);
    draw.strokeRect(cx - side / 2, cy - side / 2, side, side);
  }
}

/** A box that leaves what it is about free. */
const around = ([x, y, w, h]) => [x - w / 4, y - h / 4, 1.5 * w, 1.5 * h];

export function chosen(region) {
  const wanted = model.region;
  if (!wanted) return false;
  return wanted.edit ? region.edit === wanted.edit : !region.edit && region.person === wanted.person;
}

function draw_regions(draw) {
  for (const region of overlay.regions) {
    const mine = chosen(region);
    const name = mine ? "--chosen" : region.source === "edit" ? "--edit" : treatment(region.treatment).colour;
    const box = stroke(draw, region.shape, region.box, name, {wide: mine ? 3 : 2, dashed: region.source !== "edit"});
    if (mine && region.edit) handles(draw, box);
  }
  const moment = current();
  if (moment?.box && model.frame >= moment.first && model.frame <= moment.last)
    stroke(draw, "ellipse", around(moment.box), "--risk", {dashed: true}); // where to look
  if (overlay.draft) handles(draw, stroke(draw, overlay.draft.shape, overlay.draft.box, "--chosen", {wide: 3}));
}

function tell() {
  const place = `frame ${model.frame}, ${time(model.frame, model.video)}`;
  const known = overlay.regions.map((region) => treatment(region.treatment).text).join(", ");
  $("result").setAttribute("aria-label",
    `Result, ${place}, ${plural(overlay.regions.length, "region")}${known ? `: ${known}` : ""}`);
  $("original").setAttribute("aria-label", `Original, ${place}`);
  $("where").textContent = `${time(model.frame, model.video)} · frame ${model.frame} of ${model.video.frames}`;
}

let shown = {result: null, original: null};

/** Draws again what is there. */
export function paint() {
  if (!model.video || !shown.result) return;
  const canvas = $("result");
  fit(canvas);
  const draw = canvas.getContext("2d");
  draw.drawImage(shown.result, 0, 0, canvas.width, canvas.height);
  draw_regions(draw);
  if (model.original && shown.original) {
    const second = $("original");
    fit(second);
    second.getContext("2d").drawImage(shown.original, 0, 0, second.width, second.height);
  }
}

let wanted = 0;

/** Shows a frame, when nothing newer is wanted meanwhile. Resolves when it is shown. */
export async function show(frame) {
  const video = model.video;
  const to = Math.min(Math.max(0, Math.round(frame)), video.frames - 1);
  const mine = ++wanted;
  model.frame = to;
  changed("frame");
  const original = model.original;
  const both = await tried(() => Promise.all([
    bitmap("result", to, overlay.closer), original ? bitmap("original", to, overlay.closer) : null, regions_of(to)]));
  if (!both || mine !== wanted) return false;
  shown = {result: both[0], original: both[1]};
  overlay.regions = both[2];
  $("result").dataset.frame = String(to);
  paint();
  tell();
  changed("shown");
  return true;
}

export async function step(by) {
  if (await show(model.frame + by)) expect([1, 2, 3, 4, 5, 6].map((n) => model.frame + n * Math.sign(by)));
}

async function set_original(wish) {
  const answer = await tried(() => post("original", {show: wish}));
  if (!answer) return;
  model.original = wish;
  $("original").hidden = !wish;
  $("hide-original").hidden = !wish;
  $("original-cover").hidden = wish;
  document.body.classList.toggle("both", wish);
  changed("original");
  say(wish ? "The original is shown" : "The original is hidden");
  await show(model.frame);
}

export function toggle_original() {
  if (!model.video.no_original) set_original(!model.original);
}

export function toggle_closer() {
  overlay.closer = !overlay.closer;
  $("closer").setAttribute("aria-pressed", String(overlay.closer));
  show(model.frame);
}

export function set_up_viewer() {
  $("show-original").addEventListener("click", () => set_original(true));
  $("hide-original").addEventListener("click", () => set_original(false));
  $("closer").addEventListener("click", toggle_closer);
  new ResizeObserver(paint).observe($("result"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  on("video", () => {
    $("original-panel").hidden = model.video.no_original;
    document.body.classList.toggle("alone", model.video.no_original);
    document.documentElement.style.setProperty("--aspect", `${model.video.width} / ${model.video.height}`);
  });
  on("regions", () => show(model.frame));
  on("region", paint);
}
