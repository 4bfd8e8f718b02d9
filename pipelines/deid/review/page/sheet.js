// Every frame of several moments in one picture, so that one look and one key settle them. Also: all of one person.
import {get} from "./api.js";
import {begin_to_look, seconds_looked} from "./attention.js";
import {$, make, say} from "./dom.js";
import {apply, changed, model, on, open_moments, person, tried} from "./model.js";
import {bitmap, close_up, expect, regions_of} from "./pictures.js";
import {outline} from "./viewer.js";
import {plural, time, treatment} from "./words.js";

const least = 64, most = 180;  // px of a tile on the screen
let sheet = null;              // what is shown: {strips, moments} or {person, strips, moments: []}
let drawing = 0;               // counts sheets, so that an old one stops to draw
let from = 0;                  // the frame of the film when the sheet was opened

export const sheet_is_open = () => sheet !== null;
export const sheet_moments = () => sheet?.moments || [];

/** The size at which all tiles fit without scrolling, when that is possible. */
function side(count) {
  const width = $("sheet").clientWidth, height = Math.max(240, .5 * window.innerHeight);
  return Math.floor(Math.min(most, Math.max(least, .88 * Math.sqrt(width * height / Math.max(1, count)))));
}

/** Draws what the part holds, with the lines of its covers. */
async function draw_tile(canvas, {frame, part}) {
  const [x, y, w, h] = part, ratio = window.devicePixelRatio || 1;
  const scale = Math.round(Number(canvas.dataset.side) * ratio) / Math.max(w, h);
  Object.assign(canvas, {width: Math.round(w * scale), height: Math.round(h * scale)});
  let picture = await bitmap("result", frame);
  if (picture.width < model.video.width && picture.width / model.video.width < .75 * scale)
    picture = await close_up("result", frame);
  const from_video = picture.width / model.video.width, draw = canvas.getContext("2d");
  draw.drawImage(picture, x * from_video, y * from_video, w * from_video, h * from_video, 0, 0, canvas.width, canvas.height);
  for (const region of await regions_of(frame)) {
    const name = region.source === "edit" ? "--edit" : treatment(region.treatment).colour;
    const [left, top, width, height] = region.box;
    outline(draw, region.shape, [(left - x) * scale, (top - y) * scale, width * scale, height * scale], name, 1);
  }
  canvas.dataset.drawn = "yes";
}

async function draw_all(tiles) {
  const mine = ++drawing;
  for (const [n, {canvas, tile}] of tiles.entries()) {
    expect(tiles.slice(n + 1, n + 7).map((next) => next.tile.frame), ["result"]);
    try {
      await draw_tile(canvas, tile);
    } catch {
      canvas.dataset.drawn = "no"; // an empty tile; the film shows why
    }
    if (mine !== drawing) return;
  }
  $("sheet").dataset.drawn = "all";
}

let choose_frame = () => {};  // set by the list of moments

function look_closer({frame, moment}) {
  close_sheet();
  choose_frame(moment ?? model.moment, frame);
}

function tile_button(tile, size, text, drawn) {
  const canvas = make("canvas", {"data-side": String(size), "aria-hidden": "true"});
  const width = tile.part[2] >= tile.part[3] ? size : size * tile.part[2] / tile.part[3];
  canvas.style.width = `${Math.round(width)}px`;
  drawn.push({canvas, tile});
  return make("button", {type: "button", class: "tile", "data-frame": String(tile.frame), title: text,
    "aria-label": `Frame ${tile.frame}, ${time(tile.frame, model.video)}: look closer. ${text}`, onclick: () => look_closer(tile)}, canvas);
}

/** Tiles of one moment stand together, with a gap before the next one's. */
function strip_section(strip, size, drawn) {
  const texts = new Map(strip.moments.map(({moment, text}) => [moment, text]));
  const groups = new Map();
  for (const tile of strip.tiles) groups.set(tile.moment, [...(groups.get(tile.moment) || []), tile]);
  return make("section", {}, make("h3", {}, strip.question),
    make("div", {class: "tiles"}, ...[...groups].map(([moment, tiles]) =>
      make("div", {class: "group-of-tiles"}, ...tiles.map((tile) => tile_button(tile, size, texts.get(moment) || "", drawn))))));
}

function put_up(given, title, note) {
  sheet = given;
  from = model.frame;
  $("sheet").hidden = false;
  $("sheet").dataset.drawn = "some";
  document.body.classList.add("pictures");
  $("sheet-title").textContent = title;
  $("sheet-note").textContent = note;
  const count = given.strips.reduce((sum, strip) => sum + strip.tiles.length, 0), drawn = [];
  const size = side(count + given.strips.length);
  $("strips").replaceChildren(...given.strips.map((strip) => strip_section(strip, size, drawn)));
  $("strips").scrollTop = 0;
  changed("sheet");
  begin_to_look(true);
  say(`${title}. ${note}`);
  draw_all(drawn);
}

/** Shows the worst open moments in one picture. Returns false when none is open. */
export async function open_sheet() {
  const answer = await tried(() => get("sheet"));
  if (!answer || answer.strips.length === 0) {
    close_sheet();
    return false;
  }
  const rest = open_moments().length - answer.moments.length;
  put_up(answer, `${plural(answer.moments.length, "moment")} in ${plural(answer.tiles, "picture")}`,
    `Click a picture in which something is wrong. ${rest > 0 ? `${plural(rest, "moment")} after these.` : "These are the last."}`);
  return true;
}

export async function open_person(id) {
  const answer = await tried(() => get(`person/${id}`));
  if (!answer) return;
  put_up({person: id, moments: [], strips: [{question: "Is it one person? Does the cover hold everywhere?", moments: [], tiles: answer.tiles}]},
    person(id), `${answer.tiles.length} of ${plural(answer.frames, "frame")}, evenly spread. Click one to see it in the film.`);
}

export function close_sheet() {
  if (!sheet) return;
  sheet = null;
  ++drawing;
  $("sheet").hidden = true;
  document.body.classList.remove("pictures");
  changed("sheet");
}

export async function toggle_sheet() {
  if (sheet) close_sheet();
  else if (!await open_sheet()) say("No moment is open");
}

/** All moments of the sheet are seen; the next sheet comes. Returns false when the sheet shows no moments. */
export async function sheet_seen() {
  const moments = sheet_moments();
  if (moments.length === 0) return false;
  const done = await apply({kind: "seen", moments, seconds: seconds_looked()});
  if (!await open_sheet() && done) say("All moments are seen");
  return true;
}

/** then: chooses a moment and shows a frame. */
export function set_up_sheet(then) {
  choose_frame = then;
  $("strips").setAttribute("tabindex", "0");
  $("view-pictures").addEventListener("click", toggle_sheet);
  on("frame", () => {
    if (model.frame !== from) close_sheet();
  });
  on("moments", () => { // the second look joins moments, or makes new ones
    const known = new Set(model.moments.map((moment) => moment.id));
    if (sheet_moments().some((id) => !known.has(id))) open_sheet();
  });
}
