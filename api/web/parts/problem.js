// Problems (RFC 9457), in their own words.

import { element } from "./dom.js";

export function problemView(problem, retry) {
  return element("div", { class: "notice problem", role: "alert" },
    element("h2", {}, problem.title),
    problem.errors
      ? element("ul", {}, ...problem.errors.map((fault) => element("li", {}, `${fault.name || fault.where}: ${fault.detail}`)))
      : element("p", {}, problem.detail ?? ""),
    problem.remedy && element("p", {}, problem.remedy),
    retry && element("button", { type: "button", class: "quiet", onclick: retry }, "Try again"));
}
