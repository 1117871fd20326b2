// What became of an article, and what it says of earlier ones: nobody may read past it.

import { element } from "./dom.js";
import { readableDate } from "./text.js";

// `open` shows another article, given by its id. Null when there is nothing to tell.
export function becameView({ withdrawn, superseded_by: later, supersedes: earlier, notice }, open) {
  const link = (id, words) => element("button", { type: "button", class: "link", onclick: () => open(id) }, words);
  const lines = [
    withdrawn && element("div", { class: "gone" },
      element("p", {}, element("strong", {}, `Withdrawn${dated(withdrawn)}.`), " No question finds this article any more."),
      element("p", { class: "words" }, withdrawn.reason)),
    later && element("div", { class: "gone" },
      element("p", {}, element("strong", {}, "Superseded."), " No question finds this version any more. ",
        link(later, "Read the later version"))),
    notice && element("div", { class: "noted" },
      element("p", {}, element("strong", {}, `${notice.kind[0].toUpperCase()}${notice.kind.slice(1)}. `),
        element("span", { class: "words" }, notice.text))),
    earlier && element("div", { class: "noted" },
      element("p", {}, "This is a later version. ", link(earlier, "Read the earlier version"))),
  ].filter(Boolean);
  return lines.length ? element("aside", { class: "became", "aria-label": "What became of this article" }, ...lines) : null;
}

function dated({ published }) {
  return published ? ` on ${readableDate(published.value)}` : "";
}
