// What is told of an archive.

import { element } from "./dom.js";
import { count, readableDate, readablePeriod } from "./text.js";

export function coverage({ articles, first_published: first, last_published: last, sources }) {
  const period = first ? `, published from ${readableDate(first)} to ${readableDate(last)}` : "";
  const names = Object.keys(sources ?? {});
  const by = names.length ? `, by ${names.slice(0, 8).join(", ")}${names.length > 8 ? ` and ${names.length - 8} more` : ""}` : "";
  return `${count(articles, "article")}${period}${by}`;
}

// The state of the archive at an answer: how much was searched and how new it is, who has fallen silent, when nothing
// was published in the period that was asked for, and whether more is being stored (`beingWritten`).
export function stateView({ articles, coverage: { newest, silent, in_period: within, gaps } }, beingWritten) {
  const lines = [
    [`${count(articles, "article")} searched`, newest && `, the newest of ${readableDate(newest)}`, "."],
    within !== null && [`${count(within, "article")} ${within === 1 ? "was" : "were"} published in the period asked for`,
      gaps.length > 0 && `; none ${listed(gaps.map(({ first, last }) => readableStretch(first, last)))}`, "."],
    ...silent.map(({ source, last, days, usual }) => [
      `${source}: nothing since ${readableDate(last)}, ${count(days, "day")} before the newest article; `,
      `usually there is something ${usual === 1 ? "every day" : `at least every ${usual} days`}.`]),
    beingWritten && ["More articles are being stored now: this answer is of what was there before."],
  ].filter(Boolean);
  return element("aside", { class: "state", "aria-label": "State of the archive" },
    element("ul", {}, ...lines.map((line) => element("li", {}, ...line.filter(Boolean)))));
}

function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function readableStretch(first, last) {
  return first === last ? `on ${readableDate(first)}` : `from ${readablePeriod(first, last)}`;
}
