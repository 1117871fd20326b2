// The evidence on a subject by the time that it speaks of.

import { appliedView } from "../parts/applied.js";
import { coverage, stateView } from "../parts/archive.js";
import { aboutView, headlineButton, saidView } from "../parts/citation.js";
import { element } from "../parts/dom.js";
import { count, readableGroup, readablePeriod } from "../parts/text.js";

const ENTRIES = 30;

export const timeline = { name: "timeline", label: "Timeline", asks: true, show };

async function show({ request, open, paint }) {
  const told = await request("v1/timeline", [["k", ENTRIES]]);
  const entries = told.groups.flatMap((group) => group.entries);
  paint(appliedView(told), timelineView(told, open), stateView(told.searched, told.beingWritten));
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
