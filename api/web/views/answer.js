// The answer to a question: what answers in large type, the quote that shows it, other witnesses, and, below, further
// passages. It is painted as soon as it is there; what surrounds a quote and what else was found come after it.

import { appliedView, respeltView } from "../parts/applied.js";
import { coverage, stateView } from "../parts/archive.js";
import { becameView } from "../parts/became.js";
import { aboutView, copiesView, headlineButton, saidView } from "../parts/citation.js";
import { copyView, takeView } from "../parts/copy.js";
import { element } from "../parts/dom.js";
import { furtherView, readAsView } from "../parts/further.js";
import { historyView } from "../parts/history.js";
import { leadView, whenView } from "../parts/lead.js";
import { quoteView } from "../parts/quote.js";
import { sureness } from "../parts/sure.js";
import { count } from "../parts/text.js";
import { trailView } from "../parts/trail.js";
import { differencesView, supportView } from "../parts/witnesses.js";
import { writtenView } from "../parts/written.js";

const CITATIONS = 3;
const PASSAGES = 10;

// The question before, and its short answer.
const OWN = ["previous", "answered"];

export const answer = { name: "answer", label: "Ask", asks: true, own: OWN, show };

async function show({ question, request, fetch, article, address, open, go, change, paint, tell, cite }) {
  const before = OWN.filter((name) => address.get(name)).map((name) => [name, address.get(name)]);
  const said = await request("v1/ask", [["k", CITATIONS], ...before]);
  const whole = [...question].map(([name, value]) => [name, name === "q" ? said.question : value]);
  const ask = (q, { question: previous, citations: [best] = [] } = {}) => {
    const next = new URLSearchParams(question);
    const set = { q, previous, answered: best?.answer?.words };
    for (const [name, value] of Object.entries(set)) if (value) next.set(name, value);
    go(next);
  };
  const read = new Map();
  const reading = (id) => {
    if (!read.has(id)) read.set(id, article(id).catch(() => null)); // the quote is then shown alone
    return read.get(id);
  };
  const shown = answersOf(said).flatMap(({ citations, nearest }) => (nearest ? [...citations, nearest] : citations));
  cite(shown);
  const parameters = [...whole, ["k", CITATIONS]];
  paint(readAsView(said, ask),
    ...partsViews(said, { open, reading, question, change }),
    said.canBeWorded && said.found && !said.parts.length && writtenView(parameters),
    furtherView(said, ask),
    takeView("v1/ask", parameters),
    stateView(said.searched, said.beingWritten));
  tell(toldOf(said));
  const found = await fetch("v1/search", [...whole, ["k", PASSAGES]]);
  paint.more(passagesView(found, shown, open));
}

function toldOf(said) {
  if (!said.found) return "No answer was found.";
  const cited = answersOf(said).flatMap(({ citations }) => citations);
  const articles = new Set(cited.map(({ article_id: id }) => id));
  return `${count(cited.length, "quote")} from ${count(articles.size, "article")}.`;
}

// The answers that are shown: one, or that to each of several questions in one.
function answersOf(said) {
  return said.parts.length ? said.parts : [said];
}

// The answer under what was read out of its question; of several questions in one, each under its own.
function partsViews(said, context) {
  if (!said.parts.length) return answerViews(said, context, "", "h2");
  return said.parts.map((part, at) => element("section", { class: "part", "aria-labelledby": `part-${at}` },
    element("h2", { id: `part-${at}` }, part.question), ...answerViews(part, context, `-${at}`, "h3").filter(Boolean)));
}

// `part` tells the parts of a question apart, `heading` the level of their headings.
function answerViews(said, context, part, heading) {
  const views = said.found ? foundViews : notFoundViews;
  return [respeltView(said), appliedView(said, context.question, context.change), ...views(said, context, part, heading)];
}

function foundViews(said, context, part, heading) {
  const told = new Set(said.history.map(({ citation }) => citation.id));
  const [best, ...rest] = said.citations;
  const others = rest.filter(({ id }) => !told.has(id)); // what was reported before stands beside the answer
  return [
    element("section", { class: "answer", "aria-labelledby": `answer-heading${part}` },
      bestView(said, best, context, part, heading),
      supportView(said, context.open)),
    differencesView(said, context.open, part, heading),
    othersView(others, best, context, part, heading),
  ];
}

function bestView(said, best, { open, reading }, part, heading) {
  const { block, unfold } = quoteView(best, reading(best.article_id));
  return element("article", { class: `citation best ${said.tier}` },
    element("div", { class: "kicker" },
      element(heading, { id: `answer-heading${part}` }, said.tier === "perhaps" ? "Perhaps" : "Answer"),
      element("p", { class: "sure" }, sureness(said))),
    ...leadView(said, open),
    saidView(best),
    aboutView(best),
    historyView(said, open),
    block,
    becomingView(best, open, reading),
    copiesView(best),
    headlineButton(best, open),
    element("div", { class: "tools" }, trailView(best), copyView(best), unfold));
}

function othersView(others, best, context, part, heading) {
  if (!others.length) return null;
  const strong = others.filter((one) => one.probability_alone >= best.probability_alone / 2);
  const weak = others.filter((one) => !strong.includes(one));
  const witnesses = (some) => some.map((one) => witnessView(one, context));
  return element("section", { class: "others", "aria-labelledby": `others-heading${part}` },
    element(heading, { id: `others-heading${part}` }, strong.length ? "Also said" : "Weaker evidence"),
    ...witnesses(strong.length ? strong : weak),
    strong.length > 0 && weak.length > 0 && element("details", { class: "weaker" },
      element("summary", {}, count(weak.length, "weaker quote")), ...witnesses(weak)));
}

function witnessView(citation, { open, reading }, kind = "witness") {
  const { block, unfold } = quoteView(citation, reading(citation.article_id));
  return element("article", { class: `citation ${kind}` },
    block,
    whenView(citation),
    saidView(citation),
    aboutView(citation),
    becomingView(citation, open, reading),
    copiesView(citation),
    headlineButton(citation, open),
    element("div", { class: "tools" }, trailView(citation), copyView(citation), unfold));
}

// What became of the cited article, as soon as it is read.
function becomingView({ article_id: id }, open, reading) {
  const place = element("div", { class: "becoming" });
  reading(id).then((article) => {
    const became = article && becameView(article, (other) => open({ article_id: other }));
    if (became) place.append(became);
  });
  return place;
}

function notFoundViews(said, context, part, heading) {
  return [element("section", { "aria-labelledby": `answer-heading${part}` },
    element("div", { class: "notice not-found" },
      element(heading, { id: `answer-heading${part}` }, "Not found"),
      element("p", {}, said.reason),
      element("p", { class: "counted" }, `The archive holds ${coverage(said.searched)}.`)),
    said.nearest && element(heading, {}, "The nearest passage, which is not an answer"),
    said.nearest && witnessView(said.nearest, context, "miss"))];
}

function passagesView(result, cited, open) {
  const place = (id, span) => `${span.start}-${span.end} ${id}`;
  const shown = new Set(cited.map((one) => place(one.article_id, one.trail.passage)));
  const further = result.passages.filter((passage) => !shown.has(place(passage.article_id, passage)));
  if (!further.length) return null;
  return element("section", { "aria-labelledby": "further-heading" },
    element("h2", { id: "further-heading" }, "Further passages"),
    element("p", { class: "counted" }, "The best passage of each article; an article and its copies count as one."),
    element("ol", { class: "passages" }, ...further.map((passage) => element("li", {},
      headlineButton(passage, open), aboutView(passage), copiesView(passage),
      element("p", { class: "passage" }, passage.quote)))));
}
