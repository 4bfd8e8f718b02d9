// What the page knows, and who wants to hear of a change.
import {get, post} from "./api.js";
import {alarm} from "./dom.js";

export const model = {
  desk: null, video: null, moments: [], timeline: {people: [], risk: [], cuts: [], zones: [], mutes: []},
  state: {edits: [], can_undo: false, can_redo: false, dirty: false, signed: null},
  frame: 0,          // the frame that is shown
  moment: null,      // id of the chosen moment
  region: null,      // the chosen region: {edit} or {person}
  original: false,   // the original is shown
  revision: 0,       // counts changes of regions
};

const listeners = new Map();

/** Calls `then` after a change. what: "video", "moments", "timeline", "state", "frame", "regions", "region", "moment", "original". */
export function on(what, then) {
  for (const one of what.split(" ")) listeners.set(one, [...(listeners.get(one) || []), then]);
}

export function changed(...what) {
  for (const one of what) for (const then of listeners.get(one) || []) then();
}

/** Shows that the server works on something that may take seconds. */
async function busy(work) {
  document.body.classList.add("busy");
  try {
    return await work();
  } finally {
    document.body.classList.remove("busy");
  }
}

/** Runs what may be refused, and shows the refusal. Returns undefined then. */
export async function tried(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") alarm(error.message);
    return undefined;
  }
}

/** Reads again what a change of regions changes. */
export async function refresh() {
  const [video, moments, timeline] = await Promise.all(["video", "moments", "timeline"].map(get));
  Object.assign(model, {video, moments, timeline});
  model.revision += 1;
  changed("moments", "timeline", "regions");
}

/** One change: {kind, …}. Returns whether it was made. */
export async function apply(operation) {
  const state = await tried(() => busy(() => post("apply", operation)));
  if (!state) return false;
  model.state = state;
  changed("state");
  await tried(refresh);
  return true;
}

export async function turn(back) {
  const state = await tried(() => busy(() => post(back ? "undo" : "redo")));
  if (!state) return;
  model.state = state;
  model.region = null;
  changed("state", "region");
  await tried(refresh);
}

export function person(id) {
  const one = model.timeline.people.find((candidate) => candidate.id === id);
  return one?.name || `Person ${id}`;
}

export const current = () => model.moments.find((moment) => moment.id === model.moment) || null;
export const open_moments = () => model.moments.filter((moment) => !moment.seen && !moment.left);
