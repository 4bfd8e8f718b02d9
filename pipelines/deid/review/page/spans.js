// Spans of frames, for what is not followed.
import {ask, button, make} from "./dom.js";
import {current, model} from "./model.js";

/** The span of a zone, or of a mute: the moment's, or the frame's second. */
export function usual_span() {
  const moment = current();
  if (moment && model.frame >= moment.first && model.frame <= moment.last) return [moment.first, moment.last];
  const second = Math.round(model.video.fps[0] / model.video.fps[1]);
  return [Math.max(0, model.frame - second), Math.min(model.video.frames - 1, model.frame + second)];
}

/** Asks for a span of frames. Resolves to [first, last] or null. */
export function ask_span(title, text, [first, last]) {
  const most = model.video.frames - 1;
  const number = (id, value) => make("input", {id, type: "number", min: 0, max: most, value, required: true});
  const from = number("from", first), to = number("to", last);
  const all = button("Whole film", () => {
    from.value = 0;
    to.value = most;
  });
  return ask(title, [make("p", {}, text),
    make("div", {class: "row"}, make("label", {for: "from"}, "from frame"), from, make("label", {for: "to"}, "to frame"), to, all)],
  [{text: "Cancel"}, {text: "Apply", strong: true, value: () => {
    const ends = [Number(from.value), Number(to.value)];
    return [Math.min(...ends), Math.max(...ends)];
  }}]);
}
