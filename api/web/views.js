// What is shown of answers, passages, articles and problems.

import { becameView } from "./became.js";
import { element } from "./dom.js";
import {
  count, readableDate, readableGroup, readableInterval, readablePeriod, slice, surroundings, webAddress,
} from "./text.js";

// The answer under what was read out of its question; of several questions in one, each under its own.
export function answerViews(answer, articles, open) {
  if (!answer.parts.length) return answerView(answer, articles, open);
  return answer.parts.map((part, at) => element("section", { class: "part", "aria-labelledby": `part-${at}` },
    element("h2", { id: `part-${at}` }, part.question), ...answerView(part, articles, open, `-${at}`)));
}

// `part` tells the parts of a question apart, whose headings are one level lower.
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

// What a list was asked for: each thing with the number of articles that name it.
function listedView({ listed }, open) {
  return listed.length > 0 && element("p", { class: "listed" }, "Named, by articles: ",
    ...listed.flatMap((one, at) => [at > 0 && ", ", linkButton(one.quote, () => open(one)), ` (${one.articles.length})`]));
}

// What was reported before, where what was asked for has changed: "earlier: 2,000 (6 February 2023)".
function historyView({ history }, open) {
  return history.length > 0 && element("ul", { class: "history" }, ...history.map(({ words, published, citation }) =>
    element("li", {}, linkButton(
      `earlier: ${words || `“${citation.quote}”`} (${readableDate(published.value.slice(0, 10))})`, () => open(citation)))));
}

// How many of the first citations are, each by itself, at least half as probable to show the answer as the first.
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

// How what is quoted is put forward, and by whom: a prediction must not look like a fact. One line if the sentences
// of the quote agree, else one for each.
function saidView(citation) {
  const { quote, start, statements } = citation;
  const labels = statements.map(labelOf);
  if (labels.every((label) => label === "asserted")) return null;
  if (new Set(labels).size === 1) return element("p", { class: "said" }, ...labelParts(statements[0]));
  return element("ul", { class: "said" }, ...statements.map((statement) => element("li", {},
    `“${opening(slice(quote, statement.start - start, statement.end - start))}” `, ...labelParts(statement))));
}

function labelOf(statement) {
  const { standing, speaker } = statement;
  if (!speaker) return standing;
  const role = speaker.role ? ` (${speaker.role})` : "";
  return `${standing === "asserted" ? "said" : standing}, by ${speaker.name}${role}`;
}

function labelParts(statement) {
  const { standing, speaker } = statement;
  const shown = speaker && standing === "asserted" ? "said" : standing;
  return [element("span", { class: `standing ${standing}` }, shown), labelOf(statement).slice(shown.length)];
}

function opening(sentence) {
  const words = sentence.split(/\s+/);
  return words.slice(0, 6).join(" ") + (words.length > 6 ? "…" : "");
}

function copiesView({ family, article_id: cited }) {
  if (!family) return null;
  const others = [family.origin, ...family.copies].filter((copy) => copy.article_id !== cited);
  if (!others.length) return null;
  const named = (title, copies) => copies.length > 0 && `${title}: ${copies.map((copy) => (copy.source ?? copy.article_id) +
    (copy === family.origin && family.first_is_known ? " (first)" : "")).join(", ")}`;
  return element("p", { class: "copies" }, [
    named("Also in", others.filter((copy) => copy.has_quote !== false)),
    named("Other versions", others.filter((copy) => copy.has_quote === false)),
  ].filter(Boolean).join("; "));
}

// Who else says so, and who says otherwise: side by side, with dates.
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

// The quote with what is said around it; alone when the article is not at hand or no longer says it there.
function quoteView(citation, article) {
  const around = article ? surroundings(article.body, citation, citation.trail.passage) : null;
  const quote = element("strong", { class: "quote" }, ...quoteParts(citation));
  if (around?.quote !== citation.quote) return element("blockquote", {}, quote);
  return element("blockquote", {}, around.before, quote, around.after);
}

// The quote, with the words that answer marked.
function quoteParts({ quote, start, end, answer }) {
  if (!answer || answer.start < start || answer.end > end) return [quote];
  const [from, to] = [answer.start - start, answer.end - start];
  return [slice(quote, 0, from), element("mark", { class: "answer" }, slice(quote, from, to)), slice(quote, to, end - start)];
}

// What the expression that answers means: "within weeks", said on 10 September 2024: 10 September to …
function whenView({ when, published }) {
  if (!when) return null;
  const said = published && when.anchor.startsWith(published.value.slice(0, 10)) ? `, said on ${readableDate(published.value.slice(0, 10))}` : "";
  return element("p", { class: "when" }, `“${when.words}”${said}: `,
    element("strong", {}, readableInterval(when.interval)));
}

// Misspelt words of a question, each with the one that it was read as.
function respeltView({ reading }) {
  return reading.respelt.length > 0 && element("p", { class: "applied" },
    ...reading.respelt.flatMap(([word, other]) => [`“${word}” was read as `, element("strong", {}, other), ". "]));
}

// The time that was read out of a question: whether it was applied, and how. A filter on time takes its place.
export function appliedView({ reading, searched }) {
  const { constraint } = reading;
  const { from, to, about, from_or_about: applied } = searched.filter;
  if (!constraint || (!applied && (from || to || about))) return null;
  return element("p", { class: "applied" }, `“${constraint.words}” was read as `,
    element("strong", {}, readablePeriod(constraint.period.first, constraint.period.last)),
    applied
      ? ": only what was published then, or has no date, or speaks of that time was searched."
      : ", when nothing in the archive was published. It was not applied.");
}

export function timelineView(timeline, open) {
  if (!timeline.groups.length) {
    return element("section", { "aria-labelledby": "timeline-heading" },
      element("div", { class: "notice" },
        element("h2", { id: "timeline-heading" }, "No timeline"),
        element("p", {}, "Nothing that comes close to this speaks of a time."),
        element("p", {}, `The archive holds ${coverage(timeline.searched)}.`)));
  }
  return element("section", { class: "timeline", "aria-labelledby": "timeline-heading" },
    element("h2", { id: "timeline-heading" }, "Timeline"),
    ...timeline.groups.flatMap((group) => [
      element("h3", {}, readableGroup(group.begins, timeline.grouping)),
      element("ol", {}, ...group.entries.map((entry) => entryView(entry, open))),
    ]));
}

function entryView({ first, last, citation }, open) {
  return element("li", {},
    element("p", { class: "when" }, element("strong", {}, readablePeriod(first, last)),
      citation.when && ` “${citation.when.words}”`),
    element("blockquote", {}, citation.quote),
    saidView(citation),
    headlineButton(citation, open),
    aboutView(citation));
}

function headlineButton(citation, open) {
  return element("button", { type: "button", class: "headline", onclick: () => open(citation) },
    citation.headline || "Untitled article");
}

function linkButton(words, onclick) {
  return element("button", { type: "button", class: "link", onclick }, words);
}

function aboutView(article) {
  const address = webAddress(article.link ?? article.url);
  const published = article.published
    ? element("time", { datetime: article.published.value, title: `Found in: ${article.published.found_in}` },
      readableDate(article.published.value))
    : element("span", { class: "unknown" }, "published: unknown");
  const entries = [article.source, published, article.byline, article.section,
    address && element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, "Read at the source")];
  return element("ul", { class: "about" },
    ...entries.filter(Boolean).map((entry) => element("li", {}, entry)));
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

// The answers that are shown: one, or that to each of several questions in one.
export function answersOf(answer) {
  return answer.parts.length ? answer.parts : [answer];
}

export function passagesView(result, answer, open) {
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

// An article with [start, end) marked. Nothing is marked when the span does not lie in the body.
export function articleView(article, span, open) {
  const length = Array.from(article.body).length;
  const marked = span && span.start < span.end && span.end <= length;
  const body = marked
    ? [slice(article.body, 0, span.start), element("mark", { id: "quote" }, slice(article.body, span.start, span.end)),
      slice(article.body, span.end, length)]
    : [article.body];
  return [
    element("h1", { id: "reader-headline" }, article.headline || "Untitled article"),
    becameView(article, (id) => open({ article_id: id })),
    article.standfirst && element("p", { class: "standfirst" }, article.standfirst),
    aboutView(article),
    copiesView({ family: article.family, article_id: article.id }),
    element("div", { class: "body", lang: article.language }, ...body),
  ].filter(Boolean);
}

export function problemView(problem, retry) {
  return element("div", { class: "notice problem", role: "alert" },
    element("h2", {}, problem.title),
    problem.errors
      ? element("ul", {}, ...problem.errors.map((fault) => element("li", {}, `${fault.name || fault.where}: ${fault.detail}`)))
      : element("p", {}, problem.detail ?? ""),
    problem.remedy && element("p", {}, problem.remedy),
    retry && element("button", { type: "button", class: "quiet", onclick: retry }, "Try again"));
}

export function coverage({ articles, first_published: first, last_published: last, sources }) {
  const period = first ? `, published from ${readableDate(first)} to ${readableDate(last)}` : "";
  const names = Object.keys(sources ?? {});
  const by = names.length ? `, by ${names.slice(0, 8).join(", ")}${names.length > 8 ? ` and ${names.length - 8} more` : ""}` : "";
  return `${count(articles, "article")}${period}${by}`;
}

function percent(probability) {
  return `${Math.round(probability * 100)}%`;
}
