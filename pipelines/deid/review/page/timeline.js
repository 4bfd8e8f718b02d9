// The whole film: risk as height, people as lanes, treatments as colours.
import {$, make} from "./dom.js";
import {current, model, on, person} from "./model.js";
import {expect} from "./pictures.js";
import {show, step} from "./viewer.js";
import {time, treatment, treatments} from "./words.js";

const risk_height = 44, lane_height = 20, foot = 18; // px
let view = {from: 0, to: 1}; // frames
let names = 96;              // px for the names of the lanes

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const x_of = (frame) => names + (frame - view.from) * ($("timeline").clientWidth - names) / (view.to - view.from);
const frame_at = (x) => view.from + (x - names) * (view.to - view.from) / ($("timeline").clientWidth - names);

function bar(draw, first, last, top, height) {
  const left = Math.max(names, x_of(first)), right = Math.min(draw.canvas.clientWidth, x_of(last + 1));
  if (right <= names || left >= draw.canvas.clientWidth) return null;
  const width = Math.max(1.5, right - left);
  draw.fillRect(left, top, width, height);
  return {left, width};
}

function label(draw, text, x, y, most) {
  let short = text;
  while (short.length > 1 && draw.measureText(short).width > most) short = `${short.slice(0, -2)}…`;
  if (draw.measureText(short).width <= most) draw.fillText(short, x, y);
}

function draw_risk(draw) {
  label(draw, "risk", 4, risk_height - 8, names - 8);
  draw.fillStyle = colour("--risk");
  for (const {first, last, risk} of model.timeline.risk) {
    const height = Math.max(1, risk * (risk_height - 6));
    bar(draw, first, last, risk_height - height, height);
  }
  const moment = current();
  if (!moment) return;
  draw.fillStyle = colour("--chosen-soft");
  bar(draw, moment.first, moment.last, 0, draw.canvas.clientHeight);
}

function draw_lane(draw, one, top) {
  const chosen = model.region?.person === one.id;
  draw.fillStyle = colour(chosen ? "--accent" : "--ink");
  draw.font = `${chosen ? "600 " : ""}12px ${getComputedStyle(document.body).fontFamily}`;
  label(draw, person(one.id), 4, top + lane_height - 6, names - 8);
  for (const {first, last, treatment: name} of one.spans) {
    const known = treatment(name);
    draw.fillStyle = colour(known.colour);
    const place = bar(draw, first, last, top + 3, lane_height - 6);
    if (!place || place.width < 70) continue;
    draw.fillStyle = colour("--on-colour");
    draw.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    label(draw, known.text, place.left + 4, top + lane_height - 6, place.width - 8);
  }
}

function draw_rest(draw, height) {
  const bottom = height - foot;
  draw.fillStyle = colour("--quiet");
  draw.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const ticks = Math.max(1, Math.floor((draw.canvas.clientWidth - names) / 110));
  for (let n = 0; n < ticks; ++n) {
    const frame = view.from + n * (view.to - view.from) / ticks;
    draw.fillRect(x_of(frame), bottom, 1, 4);
    draw.fillText(time(Math.round(frame), model.video), x_of(frame) + 3, bottom + 14);
  }
  draw.fillStyle = colour("--line");
  for (const cut of model.timeline.cuts) if (cut >= view.from && cut <= view.to) draw.fillRect(x_of(cut), 0, 1, bottom);
  draw.fillStyle = colour("--ink");
  draw.fillRect(x_of(model.frame) - 1, 0, 2, bottom);
  draw.beginPath();
  draw.arc(x_of(model.frame), 5, 4.5, 0, 2 * Math.PI);
  draw.fill();
}

/** Zones, mutes and drawn regions as lanes of their own. */
function other_lanes() {
  const lanes = [];
  const {zones = [], mutes = []} = model.timeline;
  const drawn = model.state.edits.filter((edit) => edit.kind === "add_region");
  if (drawn.length) lanes.push({name: "drawn", spans: drawn, colour: "--edit"});
  if (zones.length) lanes.push({name: "zones", spans: zones, colour: "--edit"});
  if (mutes.length) lanes.push({name: "silent", spans: mutes, colour: "--quiet"});
  return lanes;
}

export function paint_timeline() {
  if (!model.video) return;
  const canvas = $("timeline"), ratio = window.devicePixelRatio || 1;
  const others = other_lanes();
  const height = risk_height + lane_height * (model.timeline.people.length + others.length) + foot + 4;
  names = canvas.clientWidth < 500 ? 64 : 96;
  canvas.style.height = `${height}px`;
  Object.assign(canvas, {width: Math.round(canvas.clientWidth * ratio), height: Math.round(height * ratio)});
  const draw = canvas.getContext("2d");
  draw.scale(ratio, ratio);
  draw.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  draw.fillStyle = colour("--quiet");
  draw_risk(draw);
  model.timeline.people.forEach((one, index) => draw_lane(draw, one, risk_height + index * lane_height));
  others.forEach((lane, index) => {
    const top = risk_height + (model.timeline.people.length + index) * lane_height;
    draw.fillStyle = colour("--ink");
    draw.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    label(draw, lane.name, 4, top + lane_height - 6, names - 8);
    draw.fillStyle = colour(lane.colour);
    for (const {first, last} of lane.spans) bar(draw, first, last, top + 3, lane_height - 6);
  });
  draw_rest(draw, height);
  canvas.setAttribute("aria-valuemax", String(model.video.frames - 1));
  canvas.setAttribute("aria-valuenow", String(model.frame));
  canvas.setAttribute("aria-valuetext", `${time(model.frame, model.video)}, frame ${model.frame}`);
}

/** factor < 1: nearer. */
export function zoom(factor, around = model.frame) {
  const all = model.video.frames, length = Math.min(all, Math.max(20, (view.to - view.from) * factor));
  const share = (around - view.from) / (view.to - view.from);
  const from = Math.min(Math.max(0, around - share * length), all - length);
  view = {from, to: from + length};
  paint_timeline();
}

export function fit_timeline() {
  view = {from: 0, to: model.video.frames};
  paint_timeline();
}

/** Keeps the shown frame in the view. */
function follow() {
  const length = view.to - view.from;
  if (model.frame < view.from || model.frame >= view.to) {
    const from = Math.min(Math.max(0, model.frame - length / 2), model.video.frames - length);
    view = {from, to: from + length};
  }
  paint_timeline();
}

function set_up_pointer(canvas) {
  let held = false;
  const go = (event) => {
    const frame = Math.round(frame_at(event.clientX - canvas.getBoundingClientRect().left));
    if (frame !== model.frame) show(Math.min(Math.max(view.from, frame), view.to));
  };
  canvas.addEventListener("pointerdown", (event) => {
    held = true;
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held) go(event);
  });
  const end = () => {
    held = false;
    expect([1, 2, 3, -1, -2].map((n) => model.frame + n));
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY) && !event.altKey) return;
    event.preventDefault();
    zoom(event.deltaY + event.deltaX > 0 ? 1.25 : .8, frame_at(event.clientX - canvas.getBoundingClientRect().left));
  }, {passive: false});
}

export function set_up_timeline() {
  const canvas = $("timeline");
  set_up_pointer(canvas);
  canvas.addEventListener("keydown", (event) => {
    const second = Math.round(model.video.fps[0] / model.video.fps[1]);
    const moves = {PageUp: -second, PageDown: second, Home: -model.frame, End: model.video.frames};
    if (!(event.key in moves)) return;
    event.preventDefault();
    step(moves[event.key]);
  });
  $("zoom-in").addEventListener("click", () => zoom(.5));
  $("zoom-out").addEventListener("click", () => zoom(2));
  $("zoom-fit").addEventListener("click", fit_timeline);
  new ResizeObserver(() => requestAnimationFrame(paint_timeline)).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint_timeline);
  on("video", () => {
    fit_timeline();
    $("legend").replaceChildren(...["swapped", "blurred", "covered", "none"].map((name) =>
      make("span", {}, make("i", {class: name}), treatments[name].text)));
  });
  on("frame", follow);
  on("timeline state region moment", paint_timeline);
}

