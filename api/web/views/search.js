// Ranked passages, or by date; a phrase in quotation marks is held to the text.

import { appliedView, respeltView } from "../parts/applied.js";
import { coverage, stateView } from "../parts/archive.js";
import { aboutView, copiesView, headlineButton } from "../parts/citation.js";
import { copyView, takeView } from "../parts/copy.js";
import { element } from "../parts/dom.js";
import { count } from "../parts/text.js";

const STEP = 20;
const MOST = 200;
const BEFORE = 120;
const ORDERS = [["relevance", "Best first"], ["newest", "Newest first"], ["oldest", "Oldest first"]];

export const search = { name: "search", label: "Search", asks: true, verb: "Search", own: ["sort"], show };

async function show({ question, address, request, open, change, paint, go, here }) {
  const sort = ORDERS.some(([name]) => name === address.get("sort")) ? address.get("sort") : "relevance";
  const asked = (k) => request("v1/search", [["k", k], ["sort", sort]]);
  const list = element("ol", { class: "passages" });
  const more = element("div", { class: "more" });
  const found = await asked(STEP);
  const marked = held(found);
  const add = (passages) => list.append(...passages.map((passage) => passageView(passage, marked, open)));
  const offer = (shown) => more.replaceChildren(...(shown >= STEP && shown % STEP === 0 && shown < MOST ? [element("button", {
    type: "button", class: "quiet",
    onclick: async ({ target }) => {
      target.setAttribute("aria-disabled", "true");
      const { passages } = await asked(shown + STEP);
      const next = sort === "relevance" ? passages.slice(shown) : (list.replaceChildren(), passages);
      add(next);
      offer(passages.length === shown ? 0 : passages.length);
      list.children[shown]?.querySelector("button")?.focus();
    },
  }, "Show more")] : []));
  add(found.passages);
  offer(found.passages.length);
  const ordering = element("label", { class: "ordering" }, "Order ", element("select", {
    onchange: ({ target }) => go(here({ sort: target.value === "relevance" ? null : target.value })),
  }, ...ORDERS.map(([name, label]) => element("option", { value: name, selected: name === sort }, label))));
  paint(respeltView(found), appliedView(found, question, change),
    element("section", { "aria-labelledby": "search-heading" },
      element("div", { class: "list-bar" }, element("h2", { id: "search-heading" }, "Passages"), ordering),
      heldView(found, sort),
      found.passages.length ? list : emptyView(found),
      more),
    found.passages.length > 0 && takeView("v1/search", [...question, ["k", STEP], ["sort", sort]]),
    stateView(found.searched, found.beingWritten));
  return found.passages.length ? `${count(found.passages.length, "passage")}.` : "Nothing was found.";
}

// What was asked to stand in the text word for word, and how many articles have it.
function heldView({ held, passages }, sort) {
  if (!held) {
    return element("p", { class: "counted" }, "The best passage of each article; an article and its copies count as one.",
      sort !== "relevance" && ` The best of them, ${sort} first.`);
  }
  const phrases = held.phrases.map((phrase) => `“${phrase}”`).join(" and ");
  const copies = held.articles - passages.length;
  return element("p", { class: "counted held" },
    held.articles ? `${count(held.articles, "article")} ${held.articles === 1 ? "has" : "have"} ${phrases} word for word` : `No article has ${phrases} word for word`,
    held.complete
      ? held.articles > 0 && (held.articles === 1 ? "; it is the only one." : "; these are all.")
      : ". The list is cut: its words stand in so many articles that only the nearest were looked at.",
    copies > 0 && passages.length < STEP && ` Copies of one report are shown as one.`);
}

function emptyView({ held, searched }) {
  return element("div", { class: "notice" },
    element("h3", {}, "Nothing was found"),
    element("p", {}, held ? "Without the quotation marks, passages on the same subject are found." : "Nothing passes these filters."),
    element("p", {}, `The archive holds ${coverage(searched)}.`));
}

// A pattern of the phrases that were held to the text; null when there are none.
function held({ held: phrases }) {
  if (!phrases) return null;
  const words = phrases.phrases.map((phrase) => phrase.trim().split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/['’‘]/g, "['’‘]")).join("\\s+"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

function passageView(passage, marked, open) {
  return element("li", {},
    headlineButton(passage, open), aboutView(passage),
    element("p", { class: "passage" }, ...(marked ? markedParts(passage.quote, marked) : [passage.quote])),
    copiesView(passage),
    element("div", { class: "tools" }, copyView(passage)));
}

// A passage with the phrases marked, from a little before the first: it would not be seen in the few lines else.
function markedParts(text, pattern) {
  const first = text.search(pattern);
  const begin = first > BEFORE ? text.indexOf(" ", first - BEFORE) + 1 : 0;
  const parts = begin ? ["… "] : [];
  let last = begin;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(last, found.index), element("mark", {}, found[0]));
    last = found.index + found[0].length;
  }
  return [...parts, text.slice(last)];
}
