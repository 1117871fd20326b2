// What answers, in large type: the day that is meant, the words of the quote, the things of a list, or the whole quote.

import { linkButton } from "./citation.js";
import { element } from "./dom.js";
import { readableDate, readableInterval } from "./text.js";

const LONG = 48; // characters, more than which are no headline

export function leadView({ citations: [best], listed }, open) {
  if (listed.length) return listView(listed, open);
  const day = best.when && dayOf(best.when);
  const words = day ?? best.answer?.words ?? `“${best.quote}”`;
  return [
    element("p", { class: words.length > LONG ? "lead long" : "lead" }, words),
    whenView(best, words),
  ];
}

// What a list asked for: each thing with the number of articles that name it.
function listView(listed, open) {
  return [element("ul", { class: "lead listed", "aria-label": "Named, by articles" }, ...listed.map((one) => element("li", {},
    linkButton(one.quote, () => open(one)), element("span", { class: "times" }, ` (${one.articles.length})`))))];
}

// The one day, month or year that an expression means; null where it means a stretch of time.
function dayOf({ interval: { start, end, granularity }, relation }) {
  const digits = { day: 10, month: 7, year: 4 }[granularity];
  if (!digits || !start || !end || relation !== "in") return null;
  const last = new Date(Date.parse(end.slice(0, 10)) - 1).toISOString().slice(0, 10);
  return start.slice(0, digits) === last.slice(0, digits) ? readableDate(start.slice(0, digits)) : null;
}

// What the expression that answers means: "within weeks", said on 10 September 2024: 10 September to …; under `lead`,
// in large type, only what is not said there.
export function whenView({ when, published }, lead = "") {
  if (!when) return null;
  const meant = readableInterval(when.interval);
  const on = published?.value.slice(0, 10);
  const parts = [
    !lead.endsWith(when.words) && `“${when.words}”`,
    on && when.anchor.startsWith(on) && `said on ${readableDate(on)}`,
  ].filter(Boolean).join(", ");
  if (lead && meant.startsWith(`${lead} (`)) return parts && element("p", { class: "when" }, parts);
  return element("p", { class: "when" }, parts && `${parts}: `, element("strong", {}, meant));
}
