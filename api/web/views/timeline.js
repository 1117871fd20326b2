// The evidence on a subject by the time that it speaks of: drawn, and in words, each day's reports together.

import { appliedView } from "../parts/applied.js";
import { coverage, stateView } from "../parts/archive.js";
import { axisView } from "../parts/axis.js";
import { aboutView, headlineButton, saidView } from "../parts/citation.js";
import { copyView, takeView } from "../parts/copy.js";
import { element } from "../parts/dom.js";
import { count, readableGroup, readablePeriod } from "../parts/text.js";

const ENTRIES = 30;
const NOT_YET = ["predicted", "threatened", "conditional", "asked"];

export const timeline = { name: "timeline", label: "Timeline", asks: true, verb: "Show", show };

async function show({ question, request, open, change, paint }) {
  const told = await request("v1/timeline", [["k", ENTRIES]]);
  const entries = told.groups.flatMap((group) => group.entries);
  paint(appliedView(told, question, change),
    timelineView(told, open),
    entries.length > 0 && takeView("v1/timeline", [...question, ["k", ENTRIES]]),
    stateView(told.searched, told.beingWritten));
  return entries.length ? `${count(entries.length, "entry", "entries")}.` : "No time was found.";
}

function timelineView(timeline, open) {
  if (!timeline.groups.length) {
    return element("section", { "aria-labelledby": "timeline-heading" },
      element("div", { class: "notice" },
        element("h2", { id: "timeline-heading" }, "No timeline"),
        element("p", {}, "Nothing that comes close to this speaks of a time."),
        element("p", {}, `The archive holds ${coverage(timeline.searched)}.`)));
  }
  const groups = timeline.groups.map(({ begins, entries }) => ({ begins, stretches: stretchesOf(entries) }));
  const stretches = groups.flatMap((group) => group.stretches);
  const items = stretches.map((stretch) => stretchView(stretch, open));
  const choose = (at) => {
    items[at].scrollIntoView({ block: "center" });
    items[at].focus({ preventScroll: true });
  };
  let next = 0;
  return element("section", { class: "timeline", "aria-labelledby": "timeline-heading" },
    element("h2", { id: "timeline-heading" }, "Timeline"),
    axisView(stretches, choose),
    ...groups.flatMap((group) => [
      element("h3", {}, readableGroup(group.begins, timeline.grouping)),
      element("ol", {}, ...group.stretches.map(() => items[next++])),
    ]));
}

// Entries of the same days are one stretch: a day's reports are told of once.
function stretchesOf(entries) {
  const stretches = new Map();
  for (const entry of entries) {
    const key = `${entry.first} ${entry.last}`;
    stretches.set(key, [...(stretches.get(key) ?? []), entry]);
  }
  return [...stretches.values()].map((together) => ({
    first: together[0].first, last: together[0].last, entries: together, reports: together.length,
    label: readablePeriod(together[0].first, together[0].last),
    hollow: together.every(({ citation }) => NOT_YET.includes(citation.standing)),
  }));
}

function stretchView({ entries, hollow, label, first, last }, open) {
  const kind = `${first === last ? "day" : "stretch"}${hollow ? " hollow" : ""}`;
  return element("li", { class: kind, tabindex: "-1" },
    element("p", { class: "when" }, element("strong", {}, label),
      entries.length > 1 && ` · ${count(entries.length, "report")}`,
      entries.length === 1 && entries[0].citation.when && ` “${entries[0].citation.when.words}”`),
    ...entries.map(({ citation }) => element("div", { class: "report" },
      element("blockquote", {}, citation.quote),
      saidView(citation),
      headlineButton(citation, open),
      aboutView(citation),
      element("div", { class: "tools" }, copyView(citation)))));
}
