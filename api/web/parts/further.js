// A question that hangs on another: a field for it, and how it was read.

import { element } from "./dom.js";

export function furtherView(said, ask) {
  const field = element("input", { type: "text", "aria-label": "Ask further", placeholder: "and when?" });
  const onsubmit = (event) => {
    event.preventDefault();
    if (field.value.trim()) ask(field.value.trim(), said);
  };
  return element("form", { class: "further", onsubmit }, field, element("button", {}, "Ask further"));
}

export function readAsView({ follow_up: read }, ask) {
  const choice = (q) => element("button", { type: "button", class: "link", onclick: () => ask(q) }, q);
  return read && element("p", { class: "applied" },
    ...(read.possible.length ? [`What is meant by “${read.unclear}”? `, ...read.possible.map(choice)]
      : ["Read as: ", element("strong", {}, read.text)]));
}
