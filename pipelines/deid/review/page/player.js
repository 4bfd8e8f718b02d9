// Plays frames at a chosen speed, in a loop around the moment.
import {$} from "./dom.js";
import {current, model, on} from "./model.js";
import {expect} from "./pictures.js";
import {show} from "./viewer.js";

let playing = false;

/** The moment with half a second around it, or the rest of the film. */
function range() {
  const moment = current();
  const pad = Math.round(model.video.fps[0] / model.video.fps[1] / 2);
  const last = model.video.frames - 1;
  if (!moment || model.frame < moment.first - pad || model.frame > moment.last + pad) return [0, last];
  return [Math.max(0, moment.first - pad), Math.min(last, moment.last + pad)];
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export function stop() {
  playing = false;
  $("play").textContent = "Play";
}

export async function play() {
  if (playing || !model.video) return;
  playing = true;
  $("play").textContent = "Stop";
  const [first, last] = range();
  if (model.frame >= last) await show(first);
  while (playing) {
    const rate = Number($("speed").value) * model.video.fps[0] / model.video.fps[1];
    const begun = performance.now();
    const next = model.frame >= last ? first : model.frame + 1;
    if (model.frame >= last && !$("loop").checked) break;
    expect(Array.from({length: 8}, (_, n) => next + n));
    await show(next);
    await pause(Math.max(0, 1000 / rate - (performance.now() - begun)));
  }
  stop();
}

export function toggle_play() {
  if (playing) stop();
  else play();
}

export function set_up_player() {
  $("play").addEventListener("click", toggle_play);
  on("moment", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
  });
}
