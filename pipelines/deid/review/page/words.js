// What the page says: times, treatments, corrections.

export const treatments = {
  swapped: {text: "synthetic face", colour: "--swapped"},
  blurred: {text: "blurred", colour: "--blurred"},
  covered: {text: "masked", colour: "--covered"},
  none: {text: "not covered", colour: "--bare"},
  kept: {text: "kept visible", colour: "--bare"},
};
const same = {swap: "swapped", blur: "blurred", mask: "covered", keep: "kept", pixelate: "blurred"};

export function treatment(name) {
  return treatments[name] || treatments[same[name]] || {text: String(name), colour: "--covered"};
}

/** "1:02.40" of a frame. */
export function time(frame, video) {
  const seconds = frame * video.fps[1] / video.fps[0];
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - 60 * minutes).toFixed(2).padStart(5, "0")}`;
}

export function span(first, last, video) {
  return first === last ? time(first, video) : `${time(first, video)} – ${time(last, video)}`;
}

/** "About 3 minutes left." of a work of which this share is done after so many seconds; "" when it is too early to say. */
export function left(share, seconds) {
  if (share < .02 || seconds < 3) return "";
  const rest = seconds * (1 - share) / share;
  return rest < 90 ? `About ${plural(Math.max(1, Math.round(rest)), "second")} left.` : `About ${Math.round(rest / 60)} minutes left.`;
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** A correction in a few words. person: gives the name of a number. */
export function correction(edit, person) {
  switch (edit.kind) {
    case "add_region": return `${edit.shape === "ellipse" ? "Ellipse" : "Box"}, ${treatment(edit.treatment).text}`;
    case "zone": return "Fixed zone";
    case "no_face": return `No face: ${person(edit.person)}`;
    case "treatment": if (edit.not_as) return `${person(edit.person)}: another face than ${edit.not_as.join(", ")}`;
      return edit.method === "keep" ? `${person(edit.person)} stays visible: ${edit.why}` : `${person(edit.person)}: ${treatment(edit.method).text}`;
    case "merge": return `One person: ${(edit.people || []).map(person).join(" and ")}`;
    case "split": return `${person(edit.person)} is somebody else from here`;
    case "sound": return "Sound is silent";
    default: return String(edit.kind).replaceAll("_", " ");
  }
}

/** The frame where a correction begins. */
export function begins(edit) {
  return edit.first ?? edit.frame ?? edit.keys?.[0]?.frame ?? null;
}
