// A quote, with the words that answer marked and what is said around it folded away.

import { element } from "./dom.js";
import { slice, surroundings } from "./text.js";

// `reading` resolves to the cited article, or to null where it cannot be had; the quote then stands alone, and so it
// does where the article no longer says it there.
export function quoteView(citation, reading) {
  const quote = element("strong", { class: "quote" }, ...quoteParts(citation));
  const block = element("blockquote", { lang: citation.language }, quote);
  const unfold = element("button", { type: "button", class: "plain", "aria-expanded": "false", hidden: true }, "Show context");
  reading?.then((article) => {
    const around = article && surroundings(article.body, citation, citation.trail.passage);
    if (around?.quote !== citation.quote || !(around.before + around.after).trim()) return;
    const context = [around.before, around.after].map((text) => element("span", { class: "context", hidden: true }, text));
    block.replaceChildren(context[0], quote, context[1]);
    unfold.addEventListener("click", () => {
      const folded = unfold.getAttribute("aria-expanded") === "true";
      for (const one of context) one.hidden = folded;
      unfold.setAttribute("aria-expanded", String(!folded));
      unfold.textContent = folded ? "Show context" : "Hide context";
    });
    unfold.hidden = false;
  });
  return { block, unfold };
}

function quoteParts({ quote, start, end, answer }) {
  if (!answer || answer.start < start || answer.end > end) return [quote];
  const [from, to] = [answer.start - start, answer.end - start];
  return [slice(quote, 0, from), element("mark", { class: "answer" }, slice(quote, from, to)), slice(quote, to, end - start)];
}
