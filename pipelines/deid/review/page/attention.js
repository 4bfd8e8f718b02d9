// How long a person looked at what the page shows now. A hidden window does not count.
let looked = 0;
let since = null;  // since when it is looked at without a break

function count(on_screen) {
  const now = performance.now();
  if (since !== null) looked += (now - since) / 1000;
  since = on_screen ? now : null;
}

/** Something else is looked at from now on; `anything`: whether there is something to look at. */
export function begin_to_look(anything) {
  looked = 0;
  since = null;
  count(anything && !document.hidden);
}

/** Seconds, rounded to tenths. */
export function seconds_looked() {
  count(since !== null && !document.hidden);
  return Math.round(looked * 10) / 10;
}

export function set_up_attention(is_anything) {
  document.addEventListener("visibilitychange", () => count(is_anything() && !document.hidden));
}
