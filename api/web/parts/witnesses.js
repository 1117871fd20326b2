// Who else says so, and who says otherwise.

import { headlineButton } from "./citation.js";
import { element } from "./dom.js";
import { readableDate } from "./text.js";

// How many independent sources there are for an answer, with those that are not among its citations.
export function supportView({ corroboration, citations }, open) {
  if (!corroboration || corroboration.families < 2) return null;
  const { families, supporting } = corroboration;
  const sources = [citations[0], ...supporting].map(({ source, published }) =>
    [source ?? "unnamed source", published && readableDate(published.value.slice(0, 10))].filter(Boolean).join(", "));
  return element("details", { class: "support" },
    element("summary", {}, `${families} independent sources say so`),
    element("p", { class: "counted" }, `${sources.join("; ")}. None is a copy of another or of the same known source.`),
    element("ul", {}, ...supporting.map((citation) => element("li", {},
      element("q", {}, citation.quote), " ", headlineButton(citation, open), whereAndWhen(citation)))));
}

// Reports that differ, side by side with the answer.
export function differencesView({ corroboration, citations }, open, part, heading) {
  if (!corroboration?.differing.length) return null;
  const side = (citation, label) => element("li", {},
    element("p", { class: "label" }, label),
    element("p", { class: "figure" }, citation.answer?.words ?? `“${citation.quote}”`),
    citation.answer && element("p", { class: "words" }, `“${citation.quote}”`),
    whereAndWhen(citation), headlineButton(citation, open));
  const same = corroboration.differing.every(({ order }) => order === "same day");
  return element("section", { class: "differences", "aria-labelledby": `differences-heading${part}` },
    element(heading, { id: `differences-heading${part}` }, same ? "Reports of the same day differ" : "Others say otherwise"),
    element("ul", { class: "sides" }, side(citations[0], "this answer"),
      ...corroboration.differing.map(({ difference, order, citation }) => side(citation, `${order}: another ${difference}`))));
}

function whereAndWhen({ source, published }) {
  return element("p", { class: "where" },
    [source, published ? readableDate(published.value.slice(0, 10)) : "undated"].filter(Boolean).join(", "));
}
