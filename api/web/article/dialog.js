// The article that is open over what was asked: its text at the quote, with what helps to read it.

import { becameView } from "../parts/became.js";
import { aboutView } from "../parts/citation.js";
import { element } from "../parts/dom.js";
import { problemView } from "../parts/problem.js";
import { bodyView } from "./body.js";
import { tellDays } from "./days.js";
import { findView } from "./find.js";
import { relativesView } from "./relatives.js";

const dialog = document.getElementById("article");
const [bar, content] = ["article-bar", "article-content"].map((id) => document.getElementById(id));
const bubble = tellDays(content);
const find = findView(() => content.querySelector(".body"));
const speakers = element("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: () => {
  const telling = content.classList.toggle("telling");
  speakers.setAttribute("aria-pressed", String(telling));
} }, "Who says what");
const walk = element("span", { class: "walk", role: "group", "aria-label": "Quotes" });
bar.append(walk, find.view, speakers,
  element("button", { type: "button", class: "quiet close", "aria-label": "Close the article", onclick: () => dialog.close() }, "Close"));

let showing = new AbortController();
let step = () => {};

export function closeArticle() {
  showing.abort();
  dialog.close();
}

// Show an article at a span of it. `get(path, signal)` asks the API, `open` opens another, and `cited` are the quotes that
// one can go through.
export async function openArticle({ id, span }, cited, get, open) {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  const reading = (other) => get(`v1/articles/${encodeURIComponent(other)}`, signal);
  offerSteps({ id, span }, cited, open);
  content.replaceChildren(element("h2", { id: "article-headline" }, "Opening the article…"));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  content.focus();
  try {
    const article = await reading(id);
    const { view, annotate } = bodyView(article, span);
    content.replaceChildren(...[
      element("h2", { id: "article-headline" }, article.headline || "Untitled article"),
      becameView(article, (other) => open({ article_id: other })),
      article.standfirst && element("p", { class: "standfirst" }, article.standfirst),
      aboutView(article),
      view,
      relativesView(article, open, reading),
      bubble,
    ].filter(Boolean));
    const atTheQuote = () => document.getElementById("quote")?.scrollIntoView({ block: "center", behavior: "instant" });
    atTheQuote();
    const readings = await get(`v1/readings/${encodeURIComponent(id)}`, signal).catch(() => null); // it is then read without
    if (signal.aborted || readings?.content_hash !== article.content_hash) return;
    annotate(readings);
    speakers.hidden = !readings.statements.length;
    find.again();
  } catch (error) {
    if (error.name !== "AbortError") content.replaceChildren(problemView(error.problem, () => openArticle({ id, span }, cited, get, open)));
  }
}

function offerSteps({ id, span }, cited, open) {
  const at = cited.findIndex((one) => one.article_id === id && one.start === span?.start && one.end === span?.end);
  step = (by) => at !== -1 && cited[at + by] && open(cited[at + by]);
  const button = (words, by) => element("button", {
    type: "button", class: "quiet", disabled: !cited[at + by], onclick: () => step(by), title: `Key ${by > 0 ? "n" : "p"}`,
  }, words);
  walk.replaceChildren(...(at === -1 || cited.length < 2 ? [] : [
    button("Previous", -1), element("span", {}, `Quote ${at + 1} of ${cited.length}`), button("Next", 1)]));
}

dialog.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { n: 1, p: -1 }[event.key];
  if (by) step(by);
});
