// Problems (RFC 9457) in words for whoever reads the page: what the server says of its folders and of commands to type
// is for whoever runs it, and stands in its log.

import { element } from "./dom.js";

const RUNS_IT = "Whoever runs this server can put that right; its log says more.";
const NOT_ANSWERING = "The archive cannot be asked now";
const WORDS = {
  "not-ready": ["Starting up", "The server is still getting ready. This takes a moment after a start."],
  "too-busy": ["Many are asking", "The server is answering as many questions as it can. Ask again in a moment."],
  "too-slow": ["That took too long", "The answer was not ready in time. Ask again, or narrow the question down."],
  "too-many": ["Too many questions at once", "Wait a little, then ask again."],
  "not-authorised": ["This archive asks for a key", "Ask again and give a key that is valid."],
  "not-allowed": ["The key is not good for this", "Whoever runs this server can give another."],
  "archive-missing": ["There is no archive yet", "Nothing has been put into the archive that this server answers from. As soon as there are articles, they can be asked here."],
  "archive-busy": ["The archive is being changed", "Articles are being stored now. Ask again in a moment."],
  "archive-mismatch": [NOT_ANSWERING, "It was made by another version, or with another model, than the server runs."],
  "archive-damaged": [NOT_ANSWERING, "Something that is stored in it is damaged."],
  "view-damaged": [NOT_ANSWERING, "Its index is damaged and could not be made anew yet."],
  archive: [NOT_ANSWERING, "It could not be used."],
  "archive-disk": [NOT_ANSWERING, "The disk that it is on is full or fails."],
  "archive-unwritable": [NOT_ANSWERING, "The server may not use its files."],
  "model-missing": ["Questions cannot be read now", "The model that reads them is not there."],
  "model-damaged": ["Questions cannot be read now", "The model that reads them is damaged."],
  model: ["Questions cannot be read now", "The model that reads them could not be used."],
  "article-not-found": ["This article is not there", "It is not in the archive, or not any more."],
  "citation-not-found": ["This citation is not there", "Its article is not in the archive any more, or no longer has the quote."],
};
const ITS_OWN = new Set(["query", "invalid-request"]); // of these the server's words are about the question alone
const TRY_AGAIN = new Set(["not-ready", "too-busy", "too-slow", "too-many", "not-authorised", "archive-busy", "archive-missing"]);

// The title and the text of a problem.
export function wordsOf({ type = "", title, detail }) {
  const kind = type.split(":").at(-1);
  if (ITS_OWN.has(kind) || !type) return [title, detail];
  const [known, text] = WORDS[kind] ?? ["Something went wrong", "The server could not answer that."];
  return [known, WORDS[kind]?.[0] === NOT_ANSWERING || kind.startsWith("model") || !WORDS[kind] ? `${text} ${RUNS_IT}` : text];
}

export function problemView(problem, retry) {
  const [title, text] = wordsOf(problem);
  const kind = problem.type?.split(":").at(-1);
  return element("div", { class: "notice problem", role: "alert" },
    element("h2", {}, title),
    problem.errors
      ? element("ul", {}, ...problem.errors.map((fault) => element("li", {}, `${fault.name || fault.where}: ${fault.detail}`)))
      : element("p", {}, text),
    kind === "query" && problem.remedy && element("p", {}, problem.remedy),
    retry && (!(problem.status < 500) || TRY_AGAIN.has(kind)) && element("button", { type: "button", class: "quiet", onclick: retry }, "Try again"));
}
