// What a language model makes of the quotes, asked for by a button: below them, and marked as a model's. Sentences appear
// as they are checked; the whole, which comes last, counts instead of them.

import { ProblemError, send } from "../client.js";
import { element } from "./dom.js";

export function writtenView(parameters) {
  const place = element("div", { "aria-live": "polite" });
  const button = element("button", { type: "button", class: "link", onclick: write }, "In a model’s words");

  async function write() {
    button.disabled = true;
    const shown = element("ol", { class: "sentences" });
    place.replaceChildren(element("p", { class: "counted" }, "A language model is writing …"), shown);
    let whole = false;
    try {
      for await (const [name, told] of eventsOf(await send("v1/written", parameters))) {
        if (name === "sentence") shown.append(sentenceView(told));
        if (name === "written") {
          place.replaceChildren(...wholeViews(told));
          whole = true;
        }
      }
      if (!whole) throw new Error("the stream has no end");
    } catch (error) {
      const reason = error instanceof ProblemError ? error.message : "The connection is broken.";
      place.replaceChildren(element("p", { class: "counted" }, `Nothing was written. ${reason}`));
    }
    if (!place.querySelector(".sentences")) button.disabled = false;
  }

  return element("section", { class: "written", "aria-label": "In a model’s words" }, button, place);
}

function wholeViews({ model, sentences, dropped, reason }) {
  const named = model || "a language model";
  if (!sentences.length) return [element("p", { class: "counted" }, `Nothing was written by ${named}. ${reason}`)];
  const left = Object.values(dropped).reduce((sum, number) => sum + number, 0);
  const more = left ? ` ${left} more ${left === 1 ? "is" : "are"} left out, because the quotes do not bear it out.` : "";
  return [
    element("p", { class: "counted" }, `Written by ${named} from the quotes above, and checked against them.${more}`),
    element("ol", { class: "sentences" }, ...sentences.map(sentenceView)),
  ];
}

function sentenceView({ text, citations }) {
  return element("li", {}, text, " ", element("span", { class: "numbers" }, citations.map((number) => `[${number}]`).join("")));
}

// The events of a stream, each as its name and its data.
async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [name, data] = event.split("\n");
      yield [name.replace("event: ", ""), JSON.parse(data.replace("data: ", ""))];
    }
  }
}
