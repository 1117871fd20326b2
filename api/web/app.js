// The page's state is its address: ?q=…&from=…&to=…&source=… for the question, &view=timeline for its timeline in
// place of its answer, &article=…&start=…&end=… for the article that is open. Everything shown follows from it, so links can be shared and the back button works.

import { get, ProblemError } from "./client.js";
import { element } from "./dom.js";
import { count } from "./text.js";
import {
  answersOf, answerViews, appliedView, articleView, coverage, passagesView, problemView, timelineView,
} from "./views.js";

const CITATIONS = 3;
const PASSAGES = 10;
const ENTRIES = 30;
const FILTERS = ["from", "to", "source"];

const $ = (id) => document.getElementById(id);
const form = $("form");
const results = $("results");
const progress = $("progress");
const reader = $("reader");
const readerContent = $("reader-content");

let asked = null;
let opened = null;
let asking = new AbortController();
let reading = new AbortController();

function questionIn(address) {
  const parameters = new URLSearchParams();
  for (const name of ["q", ...FILTERS]) {
    const value = address.get(name)?.trim();
    if (value) parameters.set(name, value);
  }
  if (parameters.has("q") && address.get("view") === "timeline") parameters.set("view", "timeline");
  return parameters;
}

function articleIn(address) {
  const id = address.get("article");
  if (id === null) return null;
  const [start, end] = ["start", "end"].map((name) => Number(address.get(name) ?? NaN));
  return { id, span: Number.isInteger(start) && Number.isInteger(end) && start >= 0 ? { start, end } : null };
}

// `away`: how many steps back in the history nothing is open, where that is known.
function go(parameters) {
  const query = parameters.toString();
  const away = opened === null ? 1 : history.state?.away && history.state.away + 1;
  history.pushState({ away: parameters.has("article") ? away : 0 }, "", query ? `?${query}` : location.pathname);
  follow();
}

// Show what the address says.
function follow() {
  const address = new URLSearchParams(location.search);
  const question = questionIn(address);
  fill(question);
  offerViews(question);
  if (question.toString() !== asked) {
    asked = question.toString();
    ask(question);
  }
  const article = articleIn(address);
  const key = article && JSON.stringify(article);
  if (key !== opened) {
    opened = key;
    read(article);
  }
}

function fill(question) {
  for (const name of ["q", ...FILTERS]) {
    const control = form.elements[name];
    const value = question.get(name) ?? "";
    if (name === "source" && value && ![...control.options].some((option) => option.value === value)) {
      control.append(element("option", { value }, value));
    }
    control.value = value;
  }
  if (FILTERS.some((name) => question.has(name))) $("filters").open = true;
}

// The two views of a question are links, so that they can be opened elsewhere; here they change the address only.
function offerViews(question) {
  $("views").hidden = !question.has("q");
  for (const [id, view] of [["answer-link", null], ["timeline-link", "timeline"]]) {
    const there = new URLSearchParams(question);
    there.delete("view");
    if (view) there.set("view", view);
    $(id).href = `?${there}`;
    if (question.get("view") === view) $(id).setAttribute("aria-current", "page");
    else $(id).removeAttribute("aria-current");
  }
}

async function ask(question) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const q = question.get("q");
  document.title = q ? `${q} – Dateline` : "Dateline";
  if (!q) {
    results.replaceChildren();
    rest("");
    return;
  }
  wait("Searching the archive…");
  const parameters = [...question].filter(([name]) => name !== "view");
  const request = (path, k) =>
    get(path, [...parameters, ["k", k]], { signal, onWait: (problem) => wait(problem.detail) });
  try {
    if (question.has("view")) {
      const timeline = await request("v1/timeline", ENTRIES);
      const entries = timeline.groups.flatMap((group) => group.entries);
      results.replaceChildren(...[appliedView(timeline), timelineView(timeline, open)].filter(Boolean));
      rest(entries.length ? `${count(entries.length, "entry", "entries")}.` : "No time was found.");
      return;
    }
    const [answer, found] = await Promise.all([request("v1/ask", CITATIONS), request("v1/search", PASSAGES)]);
    const articles = await articlesOf(answer, signal);
    results.replaceChildren(
      ...[...answerViews(answer, articles, open), passagesView(found, answer, open)].filter(Boolean));
    if (!$("coverage").textContent) describeArchive(); // it could not be told before
    const cited = answersOf(answer).flatMap(({ citations }) => citations);
    const sources = new Set(cited.map(({ article_id: id }) => id));
    rest(answer.found
      ? `${count(cited.length, "quote")} from ${count(sources.size, "article")}.`
      : "No answer was found.");
  } catch (error) {
    fail(error, results, () => ask(question));
  }
}

async function articlesOf(answer, signal) {
  const ids = new Set(answersOf(answer).flatMap(
    ({ articles, nearest }) => (nearest ? [...articles, nearest.article_id] : articles)));
  const loaded = await Promise.all([...ids].map((id) => article(id, signal).catch((error) => {
    if (error.name === "AbortError") throw error;
    return null; // its quotes are then shown without what surrounds them
  })));
  return new Map(loaded.filter(Boolean).map((found) => [found.id, found]));
}

function article(id, signal) {
  return get(`v1/articles/${encodeURIComponent(id)}`, [], { signal });
}

// Open an article at what is cited of it, or as a whole.
function open({ article_id: id, start, end }) {
  const parameters = questionIn(new URLSearchParams(location.search));
  parameters.set("article", id);
  if (start !== undefined) parameters.set("start", start);
  if (end !== undefined) parameters.set("end", end);
  go(parameters);
}

async function read(wanted) {
  reading.abort();
  reading = new AbortController();
  if (!wanted) {
    reader.close();
    return;
  }
  readerContent.replaceChildren(element("p", { id: "reader-headline" }, "Opening the article…"));
  if (!reader.open) reader.showModal();
  reader.scrollTop = 0;
  readerContent.focus();
  try {
    const found = await article(wanted.id, reading.signal);
    readerContent.replaceChildren(...articleView(found, wanted.span, open));
    document.getElementById("quote")?.scrollIntoView({ block: "center", behavior: "instant" });
  } catch (error) {
    fail(error, readerContent, () => read(wanted));
  }
}

function wait(text) {
  progress.textContent = text;
  progress.classList.add("busy");
  results.setAttribute("aria-busy", "true");
  $("submit").setAttribute("aria-disabled", "true");
}

function rest(text) {
  progress.textContent = text;
  progress.classList.remove("busy");
  results.removeAttribute("aria-busy");
  $("submit").removeAttribute("aria-disabled");
}

function fail(error, place, retry) {
  if (error.name === "AbortError") return; // something newer was asked
  const problem = error instanceof ProblemError
    ? error.problem
    : { title: "This page failed", detail: String(error) };
  place.replaceChildren(problemView(problem, problem.status < 500 ? null : retry));
  if (place === results) rest("");
}

async function describeArchive() {
  try {
    const { archive } = await get("v1/status", []);
    if (!asked) results.replaceChildren(); // what failed before does not any more
    $("coverage").textContent = coverage({ ...archive, sources: null });
    const known = new Set([...form.elements.source.options].map((option) => option.value));
    const sources = Object.keys(archive.sources).filter((source) => !known.has(source)).sort();
    form.elements.source.append(...sources.map((source) => element("option", { value: source }, source)));
  } catch (error) {
    if (!asked) fail(error, results, describeArchive);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  asked = null; // the same question may be asked again
  const question = new Map(new FormData(form));
  go(questionIn(question.set("view", new URLSearchParams(location.search).get("view"))));
});

$("clear").addEventListener("click", () => {
  for (const name of FILTERS) form.elements[name].value = "";
});

$("views").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(questionIn(new URLSearchParams(link.search)));
});

// The dialog closes by its button, by Escape, or because the address says so; only then is there nothing to do.
reader.addEventListener("close", () => {
  if (opened === null) return;
  if (history.state?.away) history.go(-history.state.away);
  else go(questionIn(new URLSearchParams(location.search)));
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  form.elements.q.focus();
  form.elements.q.select();
});

addEventListener("popstate", follow);

follow();
describeArchive();
