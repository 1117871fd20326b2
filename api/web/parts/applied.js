// What was read out of a question: misspelt words, and the time that it restricts itself to.

import { element } from "./dom.js";
import { readablePeriod } from "./text.js";

// Misspelt words of a question, each with the one that it was read as.
export function respeltView({ reading }) {
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
