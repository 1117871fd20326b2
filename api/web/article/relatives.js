// The other versions and the copies of an article, each with what differs from it.

import { element } from "../parts/dom.js";
import { readableDate } from "../parts/text.js";
import { linkButton } from "../parts/citation.js";
import { differenceView } from "./difference.js";

// `reading` reads an article by its id. Null where there are no others.
export function relativesView(article, open, reading) {
  const { family, supersedes, superseded_by: later } = article;
  const copies = family ? [family.origin, ...family.copies].filter((copy) => copy.article_id !== article.id) : [];
  const copy = (one) => ({
    id: one.article_id,
    name: [one.source ?? "a copy", one.published && readableDate(one.published.value.slice(0, 10))].filter(Boolean).join(", "),
    kind: one === family.origin && family.first_is_known ? "first published by" : "also in",
  });
  const known = new Set([supersedes, later]);
  const others = [
    supersedes && { id: supersedes, kind: "earlier version", name: "" },
    later && { id: later, kind: "later version", name: "" },
    ...copies.filter((one) => !known.has(one.article_id)).map(copy),
  ].filter(Boolean);
  if (!others.length) return null;
  return element("section", { class: "relatives", "aria-labelledby": "relatives-heading" },
    element("h3", { id: "relatives-heading" }, "Versions and copies"),
    element("ul", {}, ...others.map((other) => relativeView(article, other, open, reading))));
}

function relativeView(article, { id, kind, name }, open, reading) {
  const place = element("div", { class: "compared", role: "status" });
  const compare = linkButton("What differs", async () => {
    if (place.hasChildNodes()) {
      place.replaceChildren();
      return;
    }
    place.textContent = "Comparing…";
    try {
      const other = await reading(id);
      const [earlier, later] = kind === "later version" ? [article, other] : [other, article];
      place.replaceChildren(differenceView(earlier.body, later.body) ?? "The texts are the same, word for word.");
    } catch (error) {
      if (error.name !== "AbortError") place.textContent = "The other text could not be read.";
    }
  });
  return element("li", {}, `${kind} `, linkButton(name || "open it", () => open({ article_id: id })), " · ", compare, place);
}
