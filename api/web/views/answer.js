// The answer to a question, with further passages under it.

import { appliedView, respeltView } from "../parts/applied.js";
import { coverage } from "../parts/archive.js";
import { becameView } from "../parts/became.js";
import { aboutView, copiesView, headlineButton, linkButton, saidView, whenView } from "../parts/citation.js";
import { element } from "../parts/dom.js";
import { count, readableDate, slice, surroundings } from "../parts/text.js";

const CITATIONS = 3;
const PASSAGES = 10;

export const answer = { name: "answer", label: "Answer", asks: true, show };

async function show({ request, article, open, paint }) {
  const [said, found] = await Promise.all([
    request("v1/ask", [["k", CITATIONS]]), request("v1/search", [["k", PASSAGES]])]);
  const articles = await articlesOf(said, article);
  paint(...answerViews(said, articles, open), passagesView(found, said, open));
  const cited = answersOf(said).flatMap(({ citations }) => citations);
  const sources = new Set(cited.map(({ article_id: id }) => id));
  return said.found
    ? `${count(cited.length, "quote")} from ${count(sources.size, "article")}.`
    : "No answer was found.";
}

// The cited articles that can be had; the quotes of others are shown without what surrounds them.
async function articlesOf(said, article) {
  const ids = new Set(answersOf(said).flatMap(
    ({ articles, nearest }) => (nearest ? [...articles, nearest.article_id] : articles)));
  const loaded = await Promise.all([...ids].map((id) => article(id).catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  })));
  return new Map(loaded.filter(Boolean).map((found) => [found.id, found]));
}

function answerViews(answer, articles, open) {
  if (!answer.parts.length) return answerView(answer, articles, open);
  return answer.parts.map((part, at) => element("section", { class: "part", "aria-labelledby": `part-${at}` },
    element("h2", { id: `part-${at}` }, part.question), ...answerView(part, articles, open, `-${at}`)));
}

function answerView(answer, articles, open, part = "") {
  const shown = answer.found ? foundView : notFoundView;
  return [respeltView(answer), appliedView(answer), shown(answer, articles, open, part, part ? "h3" : "h2")];
}

function foundView(answer, articles, open, part, heading) {
  const strong = asStrong(answer.citations);
  const perhaps = answer.tier === "perhaps";
  const kind = perhaps ? "citation perhaps" : "citation";
  return element("section", { "aria-labelledby": `answer-heading${part}` },
    element(heading, { id: `answer-heading${part}` }, perhaps ? "Perhaps" : "Answer"),
    element("p", { class: "counted" },
      `${perhaps ? "This may not answer. " : ""}Probability that this answers: ${percent(answer.probability)}`),
    ...answer.citations.slice(0, strong).map((citation) => citationView(citation, articles, open, kind)),
    strong < answer.citations.length && element(part ? "h4" : "h3", {}, "Weaker evidence"),
    ...answer.citations.slice(strong).map((citation) => citationView(citation, articles, open, kind)),
    listedView(answer, open),
    historyView(answer, open),
    corroborationView(answer, open, part, heading));
}

function listedView({ listed }, open) {
  return listed.length > 0 && element("p", { class: "listed" }, "Named, by articles: ",
    ...listed.flatMap((one, at) => [at > 0 && ", ", linkButton(one.quote, () => open(one)), ` (${one.articles.length})`]));
}

function historyView({ history }, open) {
  return history.length > 0 && element("ul", { class: "history" }, ...history.map(({ words, published, citation }) =>
    element("li", {}, linkButton(
      `earlier: ${words || `“${citation.quote}”`} (${readableDate(published.value.slice(0, 10))})`, () => open(citation)))));
}

function asStrong(citations) {
  const less = citations.findIndex((citation) => citation.probability_alone < citations[0].probability_alone / 2);
  return less === -1 ? citations.length : less;
}

function notFoundView(answer, articles, open, part, heading) {
  return element("section", { "aria-labelledby": `answer-heading${part}` },
    element("div", { class: "notice" },
      element(heading, { id: `answer-heading${part}` }, "Not found"),
      element("p", {}, answer.reason),
      element("p", {}, `The archive holds ${coverage(answer.searched)}.`)),
    answer.nearest && element(heading, {}, "The nearest passage, which is not an answer"),
    answer.nearest && citationView(answer.nearest, articles, open, "citation miss"));
}

function citationView(citation, articles, open, kind = "citation") {
  const article = articles.get(citation.article_id);
  return element("article", { class: kind },
    quoteView(citation, article),
    whenView(citation),
    saidView(citation),
    headlineButton(citation, open),
    aboutView(citation),
    article && becameView(article, (id) => open({ article_id: id })),
    copiesView(citation),
    trailView(citation));
}

function corroborationView({ corroboration, citations }, open, part, heading) {
  if (!corroboration) return null;
  const { families, supporting, differing } = corroboration;
  if (families < 2 && !differing.length) return null;
  const row = (citation, label) => element("tr", {},
    element("td", {}, citation.published ? readableDate(citation.published.value.slice(0, 10)) : "undated"),
    element("td", {}, citation.source ?? ""),
    element("td", {}, label),
    element("td", {}, citation.answer?.words ?? citation.quote),
    element("td", {}, headlineButton(citation, open)));
  const table = (rows) => element("table", {}, element("tbody", {}, ...rows));
  const otherwise = (title, some) => some.length ? [
    element("p", { class: "differing" }, title),
    table(some.map(({ difference, order, citation }) => row(citation, `${order}, another ${difference}`)))] : [];
  return element("section", { class: "corroboration", "aria-labelledby": `corroboration-heading${part}` },
    element(heading, { id: `corroboration-heading${part}` }, "Other reports"),
    families > 1 && element("p", {}, `${families} reports say so, none a copy of another or of the same known source.`),
    table([row(citations[0], "this answer"), ...supporting.map((citation) => row(citation, "says so"))]),
    ...otherwise("Reports of the same day differ:", differing.filter(({ order }) => order === "same day")),
    ...otherwise("Reports of other days say otherwise:", differing.filter(({ order }) => order !== "same day")));
}

function quoteView(citation, article) {
  const around = article ? surroundings(article.body, citation, citation.trail.passage) : null;
  const quote = element("strong", { class: "quote" }, ...quoteParts(citation));
  if (around?.quote !== citation.quote) return element("blockquote", {}, quote);
  return element("blockquote", {}, around.before, quote, around.after);
}

function quoteParts({ quote, start, end, answer }) {
  if (!answer || answer.start < start || answer.end > end) return [quote];
  const [from, to] = [answer.start - start, answer.end - start];
  return [slice(quote, 0, from), element("mark", { class: "answer" }, slice(quote, from, to)), slice(quote, to, end - start)];
}

function trailView(citation) {
  const { trail } = citation;
  const rank = (place) => (place === null ? "not found this way" : `place ${place}`);
  const rows = [
    ["By itself", citation.probability_alone === null ? undefined : `shows the answer: ${percent(citation.probability_alone)} probable`],
    ["Verified", citation.status],
    ["Score", citation.score.toFixed(3)],
    ["Sentence closeness", trail.sentence_closeness?.toFixed(3)],
    ["By meaning", `closeness ${trail.closeness.toFixed(3)}, ${rank(trail.dense_rank)}`],
    ["By words", `BM25 ${trail.lexical.toFixed(2)}, ${rank(trail.lexical_rank)}`],
    ["Characters", `${citation.start} to ${citation.end}`],
    ["Article", citation.article_id],
    ["Citation", citation.id],
  ];
  return element("details", { class: "trail" },
    element("summary", {}, "How this was found"),
    element("dl", {}, ...rows.filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
}

function answersOf(answer) {
  return answer.parts.length ? answer.parts : [answer];
}

function passagesView(result, answer, open) {
  const place = (id, span) => `${span.start}-${span.end} ${id}`;
  const cited = answersOf(answer).flatMap(({ citations, nearest }) => (nearest ? [...citations, nearest] : citations));
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

function percent(probability) {
  return `${Math.round(probability * 100)}%`;
}
