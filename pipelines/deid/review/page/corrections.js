// What lies on this frame, and the corrections that were made.
import {$, button, make} from "./dom.js";
import {apply, changed, model, on, person} from "./model.js";
import {chosen, overlay, show} from "./viewer.js";
import {begin_by_keys} from "./drawing.js";
import {ask_span, usual_span} from "./spans.js";
import {begins, correction, span, treatment} from "./words.js";

export async function mute() {
  const ends = await ask_span("Silence the sound", "The sound of this span is silent in the next render.", usual_span());
  if (ends) await apply({kind: "sound", what: "mute", first: ends[0], last: ends[1]});
}

async function no_face(region) {
  const ends = await ask_span(`No face: ${person(region.person)}`,
    "It is uncovered in this span, except where another face's cover lies.", usual_span());
  if (ends) await apply({kind: "no_face", person: region.person, first: ends[0], last: ends[1]});
}

function name_of(region) {
  if (region.source === "edit") return `${region.shape === "ellipse" ? "Ellipse" : "Box"}, drawn`;
  return region.person === null ? "Region" : person(region.person);
}

function tools(region) {
  const end = (side) => () => apply({kind: "end_region", edit: region.edit, frame: model.frame, side});
  if (region.edit) {
    return [button("Move by keys", () => begin_by_keys(null)),
      button("Ends before", end("before"), {title: "The frames before this one lose the region"}),
      button("Ends after", end("after"), {title: "The frames after this one lose the region"}),
      button("Delete", () => apply({kind: "delete_edit", edit: region.edit}), {class: "danger"})];
  }
  return region.person === null ? [] : [button("No face…", () => no_face(region))];
}

function region_card(region) {
  const mine = chosen(region);
  const choose = () => {
    model.region = region.edit ? {edit: region.edit} : {person: region.person};
    changed("region");
  };
  return make("li", {class: `card${mine ? " chosen" : ""}`},
    button(`${name_of(region)}: ${treatment(region.treatment).text}`, choose, {class: "plain", "aria-pressed": String(mine)}),
    mine ? make("div", {class: "row"}, ...tools(region)) : null);
}

function list_regions() {
  const rows = overlay.regions.map(region_card);
  $("regions").replaceChildren(...(rows.length ? rows : [make("li", {class: "quiet none"}, "Nothing is covered in this frame.")]));
}

function edit_row(edit) {
  const first = begins(edit);
  const words = correction(edit, person);
  return make("li", {class: "card"},
    make("p", {}, words),
    first === null ? null : make("p", {class: "quiet"}, span(first, edit.last ?? first, model.video)),
    make("div", {class: "row"},
      first === null ? null : button("Show", () => show(first), {"aria-label": `Show ${words}`}),
      button("Delete", () => apply({kind: "delete_edit", edit: edit.edit}), {class: "danger", "aria-label": `Delete ${words}`})));
}

function list_edits() {
  const rows = model.state.edits.map(edit_row);
  $("edits").replaceChildren(...(rows.length ? rows.reverse() : [make("li", {class: "quiet none"}, "No correction yet.")]));
}

export function set_up_corrections() {
  $("mute").addEventListener("click", mute);
  on("shown region", list_regions);
  on("state", list_edits);
}
