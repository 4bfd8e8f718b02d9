// Makes and finds elements. Text is always set as text, so no name or label can become markup.

export const $ = (id) => document.getElementById(id);

/** An element. given: properties, "class", "data-…" and "aria-…", or "on…" as functions. */
export function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, onclick, given = {}) => make("button", {type: "button", onclick, ...given}, text);

/** A dialog that asks. Resolves to what `answer` gives, or to null when it is closed. fields: elements. */
export function ask(title, fields, buttons) {
  return new Promise((resolve) => {
    let answer = null;
    const form = make("form", {method: "dialog"});
    const heading = make("h2", {id: "dialog-title"}, title);
    const dialog = make("dialog", {"aria-labelledby": "dialog-title"}, form);
    const row = make("div", {class: "row"});
    const end = (value) => {
      answer = value ? value() : null;
      dialog.close();
    };
    for (const {text, strong, value} of buttons) {
      // Enter presses the first button of type submit, and the browser then checks the fields.
      row.append(strong ? make("button", {type: "submit", class: "strong"}, text) : button(text, () => (!value || form.reportValidity()) && end(value)));
    }
    form.append(heading, ...fields, row);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(buttons.find(({strong}) => strong)?.value);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Shows a sentence about a failure until it is closed. */
export function alarm(sentence) {
  const box = make("div", {class: "alarm"}, make("p", {}, sentence), button("Close", () => box.remove()));
  $("alerts").replaceChildren(box);
}

/** Tells a screen reader what happened. */
export function say(sentence) {
  $("said").textContent = sentence;
}
