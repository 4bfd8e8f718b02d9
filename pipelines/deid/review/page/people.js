// A card for each person: what becomes of the face, who is the same, who is not.
import {$, ask, button, make} from "./dom.js";
import {apply, changed, model, on, person} from "./model.js";
import {open_person} from "./sheet.js";
import {show} from "./viewer.js";
import {plural, treatment} from "./words.js";

const methods = [["", "as it was rendered"], ["swap", "synthetic face"], ["blur", "blur"], ["mask", "mask"], ["keep", "keep visible…"]];

async function choose_method(one, method) {
  const why = method === "keep" ? await ask_why(person(one.id)) : null;
  const refused = method === "keep" && !why;
  if (refused || !await apply({kind: "treatment", person: one.id, method, target: null, why}))
    changed("timeline"); // shows the former choice again
}

function ask_why(name) {
  const why = make("textarea", {id: "why", required: true, rows: 3, minLength: 8, maxLength: 2000});
  return ask(`Keep ${name} visible?`, [
    make("p", {class: "warn"}, "This person's own face will be seen in the result. The reason goes into the record that you sign."),
    make("label", {for: "why"}, "Reason, for example the written consent and its date"), why,
  ], [{text: "Cancel"}, {text: "Keep visible", strong: true, value: () => why.value.trim()}]);
}

async function merge(one) {
  const others = model.timeline.people.filter((other) => other.id !== one.id);
  const which = make("select", {id: "which"}, ...others.map((other) => make("option", {value: String(other.id)}, person(other.id))));
  const other = await ask(`Who is ${person(one.id)}, too?`, [make("label", {for: "which"}, "The same person as"), which],
    [{text: "Cancel"}, {text: "Merge", strong: true, value: () => which.value}]);
  if (other !== null) await apply({kind: "merge", people: [one.id, Number(other)]});
}

function card(one) {
  const name = person(one.id), frames = one.spans.reduce((sum, span) => sum + span.last - span.first + 1, 0);
  const kinds = [...new Set(one.spans.map((span) => treatment(span.treatment).text))].join(", ");
  const select = make("select", {"aria-label": `What becomes of ${name}`, onchange: (event) => choose_method(one, event.target.value)},
    ...methods.filter(([value]) => value || !one.method).map(([value, text]) =>
      make("option", {value, selected: (one.method || "") === value, disabled: value === ""}, text)));
  const chosen = model.region?.person === one.id;
  return make("li", {class: `card${chosen ? " chosen" : ""}`},
    make("h3", {}, name),
    make("p", {class: "quiet"}, `${plural(frames, "frame")}; ${kinds}${one.target ? ` (${one.target})` : ""}${one.other ? "; another one is asked for" : ""}`),
    select,
    make("div", {class: "row"},
      button("Show", () => show(one.spans[0]?.first ?? 0), {"aria-label": `Show ${name}`}),
      button("All pictures", () => open_person(one.id), {"aria-label": `All pictures of ${name}`}),
      one.target ? button("Another face", () => apply({kind: "treatment", person: one.id, method: "other"}),
        {"aria-label": `Another face: ${name}`, title: `Draw another synthetic face than ${one.target}`}) : null,
      button("Same as…", () => merge(one), {"aria-label": `Same as… (${name})`, disabled: model.timeline.people.length < 2}),
      button("Split here", () => apply({kind: "split", person: one.id, frame: model.frame}),
        {"aria-label": `Split here: ${name}`, title: "From this frame on it is somebody else"})));
}

function list() {
  const people = model.timeline.people;
  $("people").replaceChildren(...(people.length ? people.map(card) : [make("li", {class: "quiet none"}, "No face was found.")]));
}

export function set_up_people() {
  on("timeline region", list);
}
