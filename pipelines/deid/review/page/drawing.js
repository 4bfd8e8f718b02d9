// Regions by mouse, pen, finger and keys: drawn, chosen, moved, resized.
import {$, say} from "./dom.js";
import {apply, changed, current, model, on} from "./model.js";
import {ask_span, usual_span} from "./spans.js";
import {chosen, overlay, paint, picture_box} from "./viewer.js";

const grip = 14; // px on the screen around a corner that count as the corner
let tool = "box";
let hold = null; // what the pointer does: {what: "draw" | "move" | "corner", from, box, edit, corner}

function place(event) {
  const box = picture_box($("result"));
  const clamp = (value, most) => Math.min(Math.max(0, value), most);
  return [clamp((event.clientX - box.left) * model.video.width / box.width, model.video.width),
          clamp((event.clientY - box.top) * model.video.height / box.height, model.video.height)];
}

const inside = ([px, py], [x, y, w, h]) => px >= x && py >= y && px <= x + w && py <= y + h;
const between = ([ax, ay], [bx, by]) => [Math.min(ax, bx), Math.min(ay, by), Math.abs(ax - bx), Math.abs(ay - by)];

/** The box, whole px, within the frame. */
function tidy([x, y, w, h]) {
  const width = Math.min(Math.max(4, Math.round(w)), model.video.width);
  const height = Math.min(Math.max(4, Math.round(h)), model.video.height);
  return [Math.min(Math.max(0, Math.round(x)), model.video.width - width),
          Math.min(Math.max(0, Math.round(y)), model.video.height - height), width, height];
}

export function set_tool(name) {
  tool = name;
  for (const one of document.querySelectorAll(".tool")) one.setAttribute("aria-pressed", String(one.dataset.tool === name));
  say(`A drag draws: ${name}`);
}

async function add(shape, box) {
  if (shape === "zone") {
    const span = await ask_span("A fixed zone", "It covers this place in all frames of the span.", usual_span());
    return span ? apply({kind: "zone", box, first: span[0], last: span[1]}) : false;
  }
  say("The region is followed through the film");
  const before = new Set(model.state.edits.map((edit) => edit.edit));
  const made = await apply({kind: "add_region", frame: model.frame, shape, box, person: null, treatment: $("cover-as").value});
  const fresh = model.state.edits.find((edit) => !before.has(edit.edit));
  if (made && fresh) choose(fresh);
  return made;
}

function corner_at(point, box) {
  const scale = model.video.width / picture_box($("result")).width;
  const corners = [[box[0], box[1]], [box[0] + box[2], box[1]], [box[0], box[1] + box[3]], [box[0] + box[2], box[1] + box[3]]];
  const nearest = corners.findIndex(([x, y]) => Math.hypot(x - point[0], y - point[1]) < grip * scale);
  return nearest < 0 ? null : {fixed: corners[3 - nearest]};
}

function press(event) {
  if (event.button !== 0 || !model.video) return;
  $("result").focus();
  $("result").setPointerCapture(event.pointerId);
  const from = place(event);
  const mine = overlay.regions.find((region) => chosen(region) && region.edit);
  const corner = mine && corner_at(from, mine.box);
  if (corner) hold = {what: "corner", from, edit: mine, fixed: corner.fixed};
  else if (mine && inside(from, mine.box)) hold = {what: "move", from, edit: mine};
  else hold = {what: "draw", from};
  hold.moved = false;
}

function drag(event) {
  if (!hold) return;
  const to = place(event);
  const far = Math.hypot(to[0] - hold.from[0], to[1] - hold.from[1]) * picture_box($("result")).width / model.video.width;
  if (!hold.moved && far < 4) return;
  hold.moved = true;
  const shape = hold.edit ? hold.edit.shape : tool;
  let box = between(hold.from, to);
  if (hold.what === "corner") box = between(hold.fixed, to);
  if (hold.what === "move") {
    const [x, y, w, h] = hold.edit.box;
    box = [x + to[0] - hold.from[0], y + to[1] - hold.from[1], w, h];
  }
  overlay.draft = {shape, box: tidy(box)};
  paint();
}

async function release() {
  const done = hold, draft = overlay.draft;
  hold = null;
  overlay.draft = null;
  if (!done) return;
  if (!done.moved) choose_at(done.from);
  else if (done.edit) await apply({kind: "move_region", edit: done.edit.edit, frame: model.frame, box: draft.box});
  else await add(tool, draft.box);
  paint();
}

function choose(region) {
  model.region = region ? (region.edit ? {edit: region.edit} : {person: region.person}) : null;
  changed("region");
}

/** A click: the smallest region there, or none. */
function choose_at(point) {
  const there = overlay.regions.filter((region) => inside(point, region.box));
  there.sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3]);
  choose(there[0]);
}

/** The next region of this frame, for the keyboard. */
export function choose_next() {
  if (!overlay.regions.length) return;
  const now = overlay.regions.findIndex(chosen);
  choose(overlay.regions[(now + 1) % overlay.regions.length]);
  const {treatment, person} = overlay.regions[(now + 1) % overlay.regions.length];
  say(`Chosen: ${treatment}${person === null ? "" : `, person ${person}`}`);
}

/** A shape in the middle, or of the chosen correction, for the arrow keys. */
export function begin_by_keys(name) {
  const mine = overlay.regions.find((region) => chosen(region) && region.edit);
  const {width, height} = model.video;
  const side = Math.round(Math.min(width, height) / 4);
  const box = current()?.box || [(width - side) / 2, (height - side) / 2, side, side];
  overlay.draft = name ? {shape: name, box: tidy(box), keys: true}
    : mine ? {shape: mine.shape, box: tidy(mine.box), keys: true, edit: mine.edit} : null;
  if (name) set_tool(name);
  if (overlay.draft) say("Arrows move, Shift and arrows resize, Enter keeps, Escape leaves");
  $("result").focus();
  paint();
}

const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** A key while a shape is drawn by keys. Returns whether it was used. */
export function draw_by_keys(event) {
  const draft = overlay.draft;
  if (!draft?.keys) return false;
  const arrow = arrows[event.key];
  if (arrow) {
    const far = (event.ctrlKey ? 1 : Math.max(2, Math.round(model.video.width / 100)));
    const [x, y, w, h] = draft.box;
    const [dx, dy] = [arrow[0] * far, arrow[1] * far];
    draft.box = tidy(event.shiftKey ? [x - dx / 2, y - dy / 2, w + dx, h + dy] : [x + dx, y + dy, w, h]);
    paint();
    return true;
  }
  if (event.key !== "Enter" && event.key !== "Escape") return false;
  overlay.draft = null;
  if (event.key === "Enter" && draft.edit) apply({kind: "move_region", edit: draft.edit, frame: model.frame, box: draft.box});
  else if (event.key === "Enter") add(draft.shape, draft.box);
  paint();
  return true;
}

export async function delete_chosen() {
  if (!model.region?.edit) return;
  const edit = model.region.edit;
  model.region = null;
  changed("region");
  if (await apply({kind: "delete_edit", edit})) say("The correction is deleted");
}

export function set_up_drawing() {
  const canvas = $("result");
  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", drag);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", () => {
    hold = null;
    overlay.draft = null;
    paint();
  });
  for (const one of document.querySelectorAll(".tool")) one.addEventListener("click", () => set_tool(one.dataset.tool));
  on("frame", () => {
    if (!hold && overlay.draft && !overlay.draft.keys) overlay.draft = null;
  });
}

