// What is shown before anything is asked: what can be asked, what was asked here before, and what the archive holds.

import { element } from "../parts/dom.js";
import { count, readableDate } from "../parts/text.js";
import { forgetAll, recentQuestions } from "../recent.js";

const PAUSE_MS = 2_000;
const PATIENCE = 45;
const MOST_NAMES = 12;
const NO_FILTERS = new URLSearchParams(); // what is offered was answered without
const NAMES = ["source", "section", "language"];

export const start = { show };

async function show({ question, fetch, paint, go }) {
  const link = (words, changes, attributes = {}, from = question) => {
    const there = changed(from, changes);
    const follow = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(there);
    };
    return element("a", { href: `?${there}`, onclick: follow, ...attributes }, words);
  };
  const suggested = element("div", { class: "suggested", "aria-busy": "true" });
  const { archive } = await fetch("v1/status");
  if (!archive.articles) {
    paint(element("div", { class: "notice" }, element("h2", {}, "The archive is empty"),
      element("p", {}, "There is nothing in it yet that could be asked.")));
    return "";
  }
  paint(suggested, recentView(link), holdingsView(archive, question, link));
  suggest(suggested, fetch, link); // they may still be looked for
  return "";
}

// The question with some parameters changed: null takes one away, and a name that is there already, too.
function changed(question, changes) {
  const parameters = new URLSearchParams(question);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else if (!NAMES.includes(name)) parameters.set(name, value);
    else if (parameters.has(name, value)) parameters.delete(name, value);
    else parameters.append(name, value);
  }
  return parameters;
}

async function suggest(place, fetch, link) {
  try {
    for (let attempt = 0; attempt < PATIENCE; attempt += 1) {
      const { complete, questions } = await fetch("v1/suggestions");
      if (questions.length || !complete) {
        place.replaceChildren(element("h2", {}, "You could ask"), questions.length
          ? element("ul", {}, ...questions.map(({ question }) => element("li", {}, link(question, { q: question }, {}, NO_FILTERS))))
          : element("p", { class: "counted" }, "Looking for questions that this archive answers…"));
      } else place.replaceChildren();
      if (complete || !place.isConnected) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } catch {
    place.replaceChildren(); // the page is useful without them
  }
  place.removeAttribute("aria-busy");
}

function recentView(link) {
  const recent = recentQuestions();
  if (!recent.length) return null;
  const view = element("section", { class: "recent", "aria-labelledby": "recent-heading" },
    element("h2", { id: "recent-heading" }, "Asked before in this browser"),
    element("ul", {}, ...recent.map((question) => element("li", {}, link(question, { q: question })))),
    element("button", { type: "button", class: "plain", onclick: () => {
      forgetAll();
      view.remove();
    } }, "Forget these"));
  return view;
}

function holdingsView(archive, question, link) {
  const { articles, first_published: first, last_published: last, written, being_written: growing, undated } = archive;
  const update = growing ? "more is being stored now" : written && `last added to on ${readableDate(written.slice(0, 10))}`;
  return element("section", { class: "holdings", "aria-labelledby": "holdings-heading" },
    element("h2", { id: "holdings-heading" }, "What the archive holds"),
    element("p", { class: "total" }, element("strong", {}, count(articles, "article")),
      first && `, published from ${readableDate(first)} to ${readableDate(last)}`, update && `; ${update}`, ".",
      undated > 0 && ` ${undated.toLocaleString("en")} without a date.`),
    yearsView(archive.years, question, link),
    element("div", { class: "names" },
      namesView("Sources", "source", archive.sources, question, link),
      namesView("Sections", "section", archive.sections, question, link),
      namesView("Languages", "language", archive.languages, question, link)));
}

// Articles by year, each a bar that narrows to it; years without any stand in their place, too.
function yearsView(counted, question, link) {
  const years = Object.keys(counted).map(Number);
  if (years.length < 2) return null;
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const most = Math.max(...Object.values(counted));
  const bars = Array.from({ length: last - first + 1 }, (_, at) => first + at).map((year) => {
    const number = counted[year] ?? 0;
    const [from, to] = [`${year}-01-01`, `${year}-12-31`];
    const chosen = question.get("from") === from && question.get("to") === to;
    const bar = element("span", { class: "bar" });
    bar.style.height = `${number ? Math.max(3, (100 * number) / most) : 0}%`;
    const changes = chosen ? { from: null, to: null } : { from, to };
    const parts = [element("span", { class: "column" }, bar), element("span", { class: "year" }, String(year))];
    const made = number
      ? link("", changes, { "aria-label": `${year}: ${count(number, "article")}`, "aria-current": chosen && "true", title: count(number, "article") })
      : element("span", { class: "none", title: "no articles" });
    made.append(...parts);
    return element("li", {}, made);
  });
  return element("ol", { class: bars.length > 14 ? "years many" : "years", "aria-label": "Articles by year" }, ...bars);
}

function namesView(title, name, counted, question, link) {
  const names = Object.entries(counted);
  if (!names.length) return null;
  const shown = (some) => some.map(([value, number]) => element("li", {},
    link(name === "language" ? languageOf(value) : value, { [name]: value }, { "aria-current": question.getAll(name).includes(value) && "true" }), " ",
    element("span", { class: "times" }, number.toLocaleString("en"))));
  return element("div", {},
    element("h3", {}, title),
    element("ul", {}, ...shown(names.slice(0, MOST_NAMES))),
    names.length > MOST_NAMES && element("details", {},
      element("summary", {}, `${names.length - MOST_NAMES} more`), element("ul", {}, ...shown(names.slice(MOST_NAMES)))));
}

function languageOf(code) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code);
  } catch {
    return code; // an archive may hold what is no code
  }
}
