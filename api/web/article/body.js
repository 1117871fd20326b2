// The text of an article with what is marked in it: the quote, what others say, and times. Its text stays as it is.

import { element } from "../parts/dom.js";
import { readableInterval } from "../parts/text.js";

// Nothing is marked when `span` does not lie in the body.
export function bodyView(article, span) {
  const characters = Array.from(article.body);
  const quoted = span && span.start < span.end && span.end <= characters.length;
  const quote = { spans: quoted ? [span] : [], made: () => element("mark", { id: "quote", tabindex: "-1" }) };
  const view = element("div", { class: "body", lang: article.language });
  const paint = (...layers) => view.replaceChildren(...marked(characters, 0, characters.length, [quote, ...layers]));
  paint();
  return {
    view,
    // Mark what was read into the article, once it is known.
    annotate: ({ times, statements }) => paint(
      { spans: statements, made: statementMade },
      { spans: times.filter(({ interval }) => interval), made: timeMade }),
  };
}

// Cut [from, to) at the spans of the first layer, and what lies in and between them at those of the next.
function marked(characters, from, to, [layer, ...others]) {
  if (!layer) return from < to ? [characters.slice(from, to).join("")] : [];
  const made = [];
  let at = from;
  for (const span of layer.spans) {
    const [start, end] = [Math.max(span.start, at), Math.min(span.end, to)];
    if (start >= end || (span.start < at && span.start >= from)) continue;
    made.push(...marked(characters, at, start, others));
    const wrapped = layer.made(span);
    wrapped.append(...marked(characters, start, end, others));
    made.push(wrapped);
    at = end;
  }
  return [...made, ...marked(characters, at, to, others)];
}

function timeMade({ interval }) {
  return element("span", { class: "time", tabindex: "0", "data-days": readableInterval(interval) });
}

function statementMade({ standing, speaker }) {
  const said = standing === "asserted" ? "says" : standing;
  return element("span", { class: "statement", "data-said": speaker ? `${speaker.name}: ${said}` : standing });
}
