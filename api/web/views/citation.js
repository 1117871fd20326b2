// One citation, for somebody who was sent its address: the quote in its surroundings, and where it is from.

import { becameView } from "../parts/became.js";
import { aboutView, headlineButton, saidView } from "../parts/citation.js";
import { copyView } from "../parts/copy.js";
import { element } from "../parts/dom.js";

export const citation = { name: "citation", asks: false, own: ["cite"], show };

async function show({ address, fetch, open, paint }) {
  const cited = await fetch(`v1/citations/${encodeURIComponent(address.get("cite") ?? "")}`);
  document.title = `${cited.headline || "Citation"} – Dateline`;
  paint(citationView(cited, open));
  return cited.verified ? "The quote stands there word for word." : "";
}

function citationView(cited, open) {
  return element("article", { class: "citation cited", "aria-labelledby": "cited-heading" },
    element("h2", { id: "cited-heading" }, cited.verified ? "Cited from the archive" : "Cited, and withdrawn since"),
    element("blockquote", {},
      cited.before && element("span", { class: "around" }, opening(cited.before)),
      element("strong", { class: "quote" }, cited.quote),
      cited.after && element("span", { class: "around" }, ending(cited.after))),
    saidView({ ...cited, statements: cited.statements.filter(({ start, end }) => start < cited.end && end > cited.start)
      .map((one) => ({ ...one, start: Math.max(one.start, cited.start), end: Math.min(one.end, cited.end) })) }),
    headlineButton(cited, open),
    aboutView(cited),
    becameView(cited, (id) => open({ article_id: id })),
    cited.moved && element("p", { class: "counted" }, "The article has changed since it was cited; the quote stands elsewhere in it now."),
    element("div", { class: "tools" }, copyView(cited, true)),
    element("p", { class: "counted" }, `Characters ${cited.start} to ${cited.end} of ${cited.article_id}; citation ${cited.id}.`));
}

// What stands around the quote, from a whole word on.
function opening(before) {
  return `… ${before.replace(/^\S*\s+/, "")}`;
}

function ending(after) {
  return `${after.replace(/\s+\S*$/, "")} …`;
}
