// Follows the address: shows the view that it names, and the article that is open over it.

import { articleIn, FILTERS, placeOf, questionIn, viewIn } from "./address.js";
import { closeArticle, openArticle } from "./article/dialog.js";
import { get, ProblemError } from "./client.js";
import { coverage } from "./parts/archive.js";
import { element } from "./parts/dom.js";
import { problemView, wordsOf } from "./parts/problem.js";
import { VIEWS } from "./views.js";
import { start } from "./views/start.js";

const $ = (id) => document.getElementById(id);
const form = $("form");
const results = $("results");
const progress = $("progress");
const articleDialog = $("article");

let shown = null;
let opened = null;
let cited = [];
let showing = new AbortController();

const here = () => new URLSearchParams(location.search);

// `away`: how many steps back in the history nothing is open, where that is known.
function go(parameters) {
  const query = parameters.toString();
  const away = opened === null ? 1 : history.state?.away && history.state.away + 1;
  history.pushState({ away: parameters.has("article") ? away : 0 }, "", query ? `?${query}` : location.pathname);
  follow();
}

function follow() {
  const address = here();
  const [question, view] = [questionIn(address), viewIn(address)];
  fill(question);
  offerViews(question, view);
  const place = placeOf(question, view).toString();
  if (place !== shown) {
    shown = place;
    show(question, view);
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

// The views of a question are links, so that they can be opened elsewhere; here they change the address only.
function offerViews(question, current) {
  $("views").replaceChildren(...VIEWS.map((view) => element("a", {
    href: `?${placeOf(question, view)}`, "aria-current": view === current && "page",
  }, view.label)));
  form.hidden = !current.asks;
}

async function show(question, view) {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  const q = question.get("q");
  document.title = q ? `${q} – Dateline` : "Dateline";
  const fetch = (path, parameters = []) =>
    get(path, parameters, { signal, onWait: (problem) => wait(wordsOf(problem)[1]) });
  const paint = (...nodes) => signal.aborted || results.replaceChildren(...nodes.filter(Boolean));
  paint.more = (...nodes) => signal.aborted || results.append(...nodes.filter(Boolean));
  const context = {
    question,
    fetch,
    request: (path, more = []) => fetch(path, [...question, ...more]),
    article: (id) => readArticle(id, signal),
    paint,
    tell: (text) => signal.aborted || rest(text),
    cite: (citations) => { cited = citations; },
    open,
    go,
  };
  cited = [];
  const asking = q && view.asks;
  if (asking) wait("Searching the archive…");
  try {
    const told = await (asking || !view.asks ? view : start).show(context);
    if (signal.aborted) return;
    if (!$("coverage").textContent) describeArchive(); // it could not be told before
    if (told !== undefined) rest(told);
  } catch (error) {
    fail(error, results, () => show(question, view));
  }
}

function readArticle(id, signal) {
  return get(`v1/articles/${encodeURIComponent(id)}`, [], { signal });
}

// Open an article at what is cited of it, or as a whole.
function open({ article_id: id, start: from, end }) {
  const address = here();
  const parameters = placeOf(questionIn(address), viewIn(address));
  parameters.set("article", id);
  if (from !== undefined) parameters.set("start", from);
  if (end !== undefined) parameters.set("end", end);
  go(parameters);
}

function read(wanted) {
  if (wanted) openArticle(wanted, cited, (path, signal) => get(path, [], { signal }), open);
  else closeArticle();
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
    : { title: "This page failed", detail: "Load it again. If it fails again, whoever runs this server should know." };
  if (!(error instanceof ProblemError)) console.error(error);
  place.replaceChildren(problemView(problem, retry));
  if (place === results) rest("");
}

async function describeArchive() {
  try {
    const { archive } = await get("v1/status", []);
    if (!questionIn(here()).has("q")) results.replaceChildren(); // what failed before does not any more
    $("coverage").textContent = coverage({ ...archive, sources: null });
    const known = new Set([...form.elements.source.options].map((option) => option.value));
    const sources = Object.keys(archive.sources).filter((source) => !known.has(source)).sort();
    form.elements.source.append(...sources.map((source) => element("option", { value: source }, source)));
  } catch (error) {
    if (!questionIn(here()).has("q")) fail(error, results, describeArchive);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  shown = null; // the same question may be asked again
  go(placeOf(questionIn(new Map(new FormData(form))), viewIn(here())));
});

$("clear").addEventListener("click", () => {
  for (const name of FILTERS) form.elements[name].value = "";
});

$("views").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(new URLSearchParams(link.search));
  [...$("views").children].find((tab) => tab.textContent === link.textContent)?.focus();
});

// The dialog closes by its button, by Escape, or because the address says so; only then is there nothing to do.
articleDialog.addEventListener("close", () => {
  if (opened === null) return;
  if (history.state?.away) history.go(-history.state.away);
  else go(placeOf(questionIn(here()), viewIn(here())));
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
