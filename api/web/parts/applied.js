// What was read out of a question: misspelt words, and the time that it restricts itself to.

import { element } from "./dom.js";
import { chipView, published, withValue } from "./filters.js";
import { readablePeriod } from "./text.js";

// Misspelt words of a question, each with the one that it was read as.
export function respeltView({ reading }) {
  return reading.respelt.length > 0 && element("p", { class: "applied" },
    ...reading.respelt.flatMap(([word, other]) => [`“${word}” was read as `, element("strong", {}, other), ". "]));
}

// The time that was read out of a question: whether it was applied, and how; it can be adjusted, or left out of account.
// Null where there is none, or where a filter on time takes its place.
export function appliedView({ reading, searched }, question, change) {
  const { constraint } = reading;
  const { from, to, about, from_or_about: applied } = searched.filter;
  if (!constraint || question.has("any_time") || (!applied && (from || to || about))) return null;
  const { first, last } = constraint.period;
  const told = readablePeriod(first, last);
  if (!applied) {
    return element("p", { class: "applied" }, `“${constraint.words}” was read as `, element("strong", {}, told),
      ", when nothing in the archive was published. It was not applied.");
  }
  return element("div", { class: "applied" },
    element("p", {}, `“${constraint.words}” was read as `, element("strong", {}, told),
      ": only what was published then, or has no date, or speaks of that time was searched."),
    element("ul", { class: "chips" },
      element("li", {}, chipView(constraint.words, () => change((now) => withValue(now, "any_time", "true")))),
      element("li", {}, element("button", { type: "button", class: "link", onclick: () => change((now) => published(now, first ?? "", last ?? ""), true) }, "Adjust the days"))));
}
