// Every action by keyboard.
import {$, ask, make} from "./dom.js";
import {mute} from "./corrections.js";
import {begin_by_keys, choose_next, delete_chosen, draw_by_keys} from "./drawing.js";
import {render, sign} from "./finish.js";
import {model, turn} from "./model.js";
import {go, seen} from "./moments.js";
import {toggle_play} from "./player.js";
import {close_sheet, toggle_sheet} from "./sheet.js";
import {fit_timeline, zoom} from "./timeline.js";
import {step, toggle_closer, toggle_original} from "./viewer.js";

const second = () => Math.round(model.video.fps[0] / model.video.fps[1]);

// key, what it does, the words of the help
const keys = [
  ["n", () => go(1), "N", "next moment"],
  ["p", () => go(-1), "P", "moment before"],
  ["s", seen, "S", "seen; the next pictures, or the next open moment"],
  ["t", toggle_sheet, "T", "pictures of the open moments, or the film"],
  [" ", toggle_play, "Space", "play or stop"],
  ["ArrowLeft", (event) => step(event.shiftKey ? -second() : -1), "← →", "one frame; with Shift one second"],
  ["ArrowRight", (event) => step(event.shiftKey ? second() : 1)],
  ["b", () => begin_by_keys("box"), "B", "box; then arrows move, Shift and arrows resize, Ctrl by one px, Enter keeps"],
  ["e", () => begin_by_keys("ellipse"), "E", "ellipse, in the same way"],
  ["z", () => begin_by_keys("zone"), "Z", "fixed zone, in the same way"],
  ["x", choose_next, "X", "choose the next region of this frame"],
  ["v", () => begin_by_keys(null), "V", "move the chosen correction by arrows"],
  ["Delete", delete_chosen, "Delete", "delete the chosen correction"],
  ["u", (event) => turn(!event.shiftKey), "U", "undo; with Shift redo"],
  ["o", toggle_original, "O", "show or hide the original"],
  ["c", toggle_closer, "C", "full size"],
  ["m", mute, "M", "silence the sound of a span"],
  ["+", () => zoom(.5), "+ −", "zoom the timeline; 0 shows all"],
  ["-", () => zoom(2)],
  ["0", fit_timeline],
  ["r", render, "R", "render again"],
  ["g", sign, "G", "sign"],
  ["?", () => help(), "?", "this help"],
];

// These need the film on the screen.
const of_film = ["b", "e", "z", "x", "v", "Delete", "o", "c", " "];
let on = localStorage.getItem("deid-keys") !== "off";

export function help() {
  const rows = keys.filter((key) => key[2]).map(([, , key, text]) => make("tr", {}, make("th", {scope: "row"}, make("kbd", {}, key)), make("td", {}, text)));
  const wish = make("input", {type: "checkbox", checked: on, onchange: (event) => {
    on = event.target.checked;
    localStorage.setItem("deid-keys", on ? "on" : "off");
  }});
  return ask("Keys", [make("table", {class: "keys"}, make("tbody", {}, ...rows)),
    make("label", {class: "check"}, wish, " single keys work (Tab and Enter work always)")], [{text: "Close", strong: true}]);
}

const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, dialog");

function press(event) {
  if (!model.video || event.defaultPrevented || event.altKey || event.metaKey || typing(event.target)) return;
  if (draw_by_keys(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey) {
    if (!["z", "y"].includes(event.key.toLowerCase())) return;
    event.preventDefault();
    turn(event.key === "z");
    return;
  }
  const on_control = event.target.closest?.("button, summary, a, input");
  if (on_control && (event.key === " " || event.key === "Enter")) return;
  const found = keys.find(([key]) => key === event.key || key === event.key.toLowerCase());
  if (!found || (!on && /^[a-z?0+-]$/i.test(event.key))) return;
  event.preventDefault();
  if (of_film.includes(found[0])) close_sheet();
  found[1](event);
}

export function set_up_keys() {
  document.addEventListener("keydown", press);
  $("help").addEventListener("click", help);
}
