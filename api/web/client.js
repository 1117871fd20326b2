// Requests to the API. Whatever goes wrong is thrown as a problem (RFC 9457).

import { credentials, otherKey } from "./key.js";

const PATIENCE = 150;

export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export async function get(path, parameters, options) {
  const response = await send(path, parameters, options);
  const told = await response.json();
  if (response.headers.get("Dateline-Being-Written") === "true") told.beingWritten = true; // of the archive that answered
  if (response.headers.get("Dateline-Writer") === "true") told.canBeWorded = true; // by a model that the server has
  return told;
}

// What the API answers as it is: `body` is posted as JSON where there is one; `onWait` hears why it has to wait.
export async function send(path, parameters, { signal, onWait, body } = {}) {
  const query = new URLSearchParams(parameters).toString();
  const address = query ? `${path}?${query}` : path;
  for (let attempt = 1; ; attempt += 1) {
    const key = credentials();
    const response = await request(address, signal, body, key);
    if (response.ok) return response;
    if (response.status === 401 && await otherKey(key.Authorization)) continue;
    const problem = await readProblem(response);
    const pause = Number(response.headers.get("Retry-After"));
    if (response.status !== 503 || !pause || attempt === PATIENCE) throw new ProblemError(problem);
    onWait?.(problem);
    await sleep(pause * 1000, signal);
  }
}

async function request(address, signal, body, key) {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  try {
    return await fetch(address, { signal, ...sent, headers: { Accept: "application/json, */*;q=.5", ...type, ...key } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ProblemError({
      title: "The server cannot be reached",
      detail: "Dateline did not answer. It may have been stopped, or the connection is broken.",
    });
  }
}

async function readProblem(response) {
  try {
    return await response.json();
  } catch {
    return { title: "The server failed", detail: `It answered with status ${response.status}.` };
  }
}

function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    }, { once: true });
  });
}
