// A question that hangs on the one that is shown: a field to ask it in, how it was read, and what it may mean.

import { element } from "./dom.js";

// Where a question is asked alone, or after the one that is shown, whose short answer "he" may mean.
function asked(now, q, said = null) {
  const next = new URLSearchParams(now);
  next.set("q", q);
  return said ? { question: next, previous: said.question, answered: said.citations[0]?.answer?.words ?? "" } : { question: next };
}

// A field for what is to be asked of the same; `ask` goes to a question, after another where there is one.
export function furtherView(said, now, ask) {
  const field = element("input", { name: "further", type: "text", autocomplete: "off", "aria-label": "Ask further", placeholder: "Ask further: and when?" });
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim()) ask(asked(now, field.value.trim(), said));
  };
  return element("form", { class: "further", onsubmit: submit }, field, element("button", { type: "submit" }, "Ask further"));
}

// How a question was read with the one before; where it may mean several things, buttons to choose from.
export function readAsView({ follow_up: read }, now, ask) {
  if (!read) return null;
  if (!read.possible.length) return element("p", { class: "applied" }, "Read as: ", element("strong", {}, read.text));
  const choice = (reading) => element("li", {}, element("button", { type: "button", class: "link", onclick: () => ask(asked(now, reading)) }, reading));
  return element("div", { class: "applied" },
    element("p", {}, `What is meant by “${read.unclear}”?`), element("ul", { class: "readings" }, ...read.possible.map(choice)));
}
