// Frames and their regions, kept for a while.
import {get, picture} from "./api.js";
import {model, on} from "./model.js";

const most = 600;       // pictures that are kept as files
const most_drawn = 40;  // pictures that are kept ready to draw
const kept = new Map(), drawn = new Map(), regions = new Map();

function remember(map, key, value, limit) {
  map.delete(key);
  map.set(key, value);
  while (map.size > limit) {
    const [oldest, old] = map.entries().next().value;
    map.delete(oldest);
    if (map === drawn) old.then((bitmap) => bitmap.close(), () => {});
  }
  return value;
}

const key_of = (side, frame, whole) => `${side} ${frame}${whole ? " whole" : ""}`;

function file(side, frame, whole) {
  const key = key_of(side, frame, whole);
  const known = kept.get(key);
  if (known) return known;
  const asked = picture(side, frame, whole);
  asked.catch(() => kept.delete(key));
  return remember(kept, key, asked, most);
}

/** A frame, ready to draw. It stays usable for some frames; draw it at once. */
export function bitmap(side, frame, whole = false) {
  const key = key_of(side, frame, whole);
  const known = drawn.get(key);
  if (known) return known;
  const made = file(side, frame, whole).then((blob) => createImageBitmap(blob));
  made.catch(() => drawn.delete(key));
  return remember(drawn, key, made, most_drawn);
}

/** A frame in full size, ready to draw once. It is large, so it is not kept. */
export async function close_up(side, frame) {
  return createImageBitmap(await picture(side, frame, true));
}

/** The regions of a frame. */
export function regions_of(frame) {
  const key = `${model.revision} ${frame}`;
  const known = regions.get(key);
  if (known) return known;
  const asked = get(`frame/${frame}`).then((answer) => answer.regions);
  asked.catch(() => regions.delete(key));
  return remember(regions, key, asked, most);
}

/** Asks for frames that will be wanted soon. sides: of the pictures. */
export function expect(frames, sides = model.original ? ["result", "original"] : ["result"]) {
  for (const frame of frames) {
    if (frame < 0 || !model.video || frame >= model.video.frames) continue;
    for (const side of sides) file(side, frame, false).catch(() => {});
    regions_of(frame).catch(() => {});
  }
}

/** The result is another file now. */
export function forget_result() {
  for (const map of [kept, drawn])
    for (const key of [...map.keys()]) if (key.startsWith("result")) map.delete(key);
}

on("original", () => {
  if (model.original) return;
  for (const map of [kept, drawn])
    for (const key of [...map.keys()]) if (key.startsWith("original")) map.delete(key);
});
