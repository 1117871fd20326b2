// Follows the address: shows the view that it names, and the article that is open over it.

import { articleIn, placeOf, questionIn, unknownIn, viewIn } from "./address.js";
import { closeArticle, openArticle } from "./article/dialog.js";
import { get, ProblemError } from "./client.js";
import { coverage } from "./parts/archive.js";
import { element } from "./parts/dom.js";
import { chips, facetsView } from "./parts/filters.js";
import { problemView, wordsOf } from "./parts/problem.js";
import { remember } from "./recent.js";
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
let counting = new AbortController();

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
  tellUnknown(unknownIn(address));
  offerViews(question, view);
  const place = placeOf(question, view, address).toString();
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
  form.elements.q.value = question.get("q") ?? "";
  $("chips").replaceChildren(...chips(question, change));
  $("chips").hidden = !$("chips").children.length;
  if ($("filters").open) offerFilters();
}

// Ask anew with what `edit` makes of the question and its filters.
function change(edit, unfold = false) {
  if (unfold) $("filters").open = true;
  go(placeOf(questionIn(edit(questionIn(here()))), viewIn(here()), here()));
}

// What narrows down, with counts under the filters that there are. A control that had the focus has it still.
async function offerFilters() {
  const question = questionIn(here());
  counting.abort();
  counting = new AbortController();
  const { signal } = counting;
  try {
    const filters = [...question].filter(([name]) => name !== "q");
    const facets = await get("v1/facets", filters, { signal });
    const focused = $("facets").contains(document.activeElement) ? document.activeElement : null;
    const typed = $("facets").querySelector("input[type=text]")?.value;
    const folded = [...$("facets").querySelectorAll("details")].map(({ open: unfolded }) => unfolded);
    $("facets").replaceChildren(...facetsView(question, facets, change).filter(Boolean));
    [...$("facets").querySelectorAll("details")].forEach((details, at) => { details.open = folded[at] ?? false; });
    if (typed) $("facets").querySelector("input[type=text]").value = typed;
    if (focused) same(focused)?.focus();
  } catch (error) {
    fail(error, $("facets"), offerFilters);
  }
}

function same(control) {
  const told = (one) => [one.name, one.type === "checkbox" ? one.value : "", one.getAttribute("aria-label")].join("|");
  return [...$("facets").querySelectorAll("input, button")].find((one) => told(one) === told(control));
}

// A filter that is passed over would give a wrong answer: what is not known in the address is told.
function tellUnknown(unknown) {
  $("unknown").hidden = !unknown.length;
  $("unknown").textContent = unknown.length
    ? `The address has ${unknown.join(" and ")}, which this page does not know. What is shown is not narrowed down by it.` : "";
}

// The views of a question are links, so that they can be opened elsewhere; here they change the address only.
function offerViews(question, current) {
  $("views").replaceChildren(...VIEWS.filter(({ label }) => label).map((view) => element("a", {
    href: `?${placeOf(question, view)}`, "aria-current": view === current && "page",
  }, view.label)));
  $("submit").textContent = current.verb ?? "Ask";
  for (const id of ["form", "narrow"]) $(id).hidden = !current.asks;
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
    cite: (citations) => { cited = citations; },
    open,
    go,
    change,
    address: here(),
    here: (own) => {
      const place = placeOf(question, view, here());
      for (const [name, value] of Object.entries(own)) value === null ? place.delete(name) : place.set(name, value);
      return place;
    },
    tell: (text) => signal.aborted || rest(text),
    busy: (text) => signal.aborted || wait(text),
    problem: (error, place, retry) => signal.aborted || (rest(""), fail(error, place, retry)),
  };
  cited = [];
  const asking = q && view.asks;
  if (asking) {
    remember(q);
    wait("Searching the archive…");
  }
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
  const parameters = placeOf(questionIn(address), viewIn(address), address);
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

// Whether nothing is asked in a view that asks: the start is shown, which is all about the archive.
function onStart() {
  return !questionIn(here()).has("q") && viewIn(here()).asks;
}

async function describeArchive() {
  try {
    const { archive } = await get("v1/status", []);
    if (onStart()) results.querySelector(":scope > .problem")?.remove(); // it does not fail any more
    $("coverage").textContent = coverage({ ...archive, sources: null });
  } catch (error) {
    if (onStart()) fail(error, results, describeArchive);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  shown = null; // the same question may be asked again
  const question = questionIn(here());
  question.set("q", form.elements.q.value.trim());
  const address = here();
  for (const name of ["previous", "answered"]) address.delete(name);
  go(placeOf(question, viewIn(address), address));
});

$("filters").addEventListener("toggle", () => {
  if ($("filters").open) offerFilters();
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
  else go(placeOf(questionIn(here()), viewIn(here()), here()));
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
