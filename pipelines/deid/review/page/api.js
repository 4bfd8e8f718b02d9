// Talks with the server. The key comes with the first visit and stays in this window.

const given = document.querySelector('meta[name="deid-key"]').content;
if (given) sessionStorage.setItem("deid-key", given);
history.replaceState(null, "", "/");
const headers = {"X-Deid-Key": sessionStorage.getItem("deid-key") || ""};

/** An answer that is a refusal. Its message is a sentence for the user. */
export class Refusal extends Error {}

async function answer(response) {
  if (response.ok) return response;
  let sentence = `deid answered with status ${response.status}.`;
  try {
    sentence = (await response.json()).error || sentence;
  } catch {
    // no JSON: the status alone
  }
  throw new Refusal(sentence);
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("deid does not answer. Is it still running? Start deid review again; nothing is lost.");
  }
  return answer(response);
}

export async function get(what) {
  return (await call(`/api/${what}`, {headers})).json();
}

export async function post(what, value = {}) {
  const body = JSON.stringify(value);
  return (await call(`/api/${what}`, {method: "POST", headers: {...headers, "Content-Type": "application/json"}, body})).json();
}

/** The JPEG of a frame, as a Blob. */
export async function picture(side, frame, whole, signal) {
  const path = `/picture/${side}/${frame}${whole ? "?scale=whole" : ""}`;
  return (await call(path, {headers, signal})).blob();
}
