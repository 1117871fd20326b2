// What is shown of a cited quote, wherever it is shown: how it is put forward, when, its article and its copies.

import { element } from "./dom.js";
import { readableDate, slice, webAddress } from "./text.js";

// How what is quoted is put forward, and by whom: a prediction must not look like a fact. One line if the sentences
// of the quote agree, else one for each.
export function saidView(citation) {
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

// The other articles of a family, and which of them have the quote.
export function copiesView({ family, article_id: cited }) {
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

export function headlineButton(citation, open) {
  return element("button", { type: "button", class: "headline", onclick: () => open(citation) },
    citation.headline || "Untitled article");
}

export function linkButton(words, onclick) {
  return element("button", { type: "button", class: "link", onclick }, words);
}

export function aboutView(article) {
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
