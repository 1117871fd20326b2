// How a citation was found, for those who want to know.

import { element } from "./dom.js";
import { percent } from "./sure.js";

export function trailView(citation) {
  const { trail } = citation;
  const rank = (place) => (place === null ? "not found this way" : `place ${place}`);
  const rows = [
    ["By itself", citation.probability_alone === null ? undefined : `shows the answer: ${percent(citation.probability_alone)} probable`],
    ["Verified", citation.status],
    ["Score", citation.score.toFixed(3)],
    ["Sentence closeness", trail.sentence_closeness?.toFixed(3)],
    ["By meaning", `closeness ${trail.closeness.toFixed(3)}, ${rank(trail.dense_rank)}`],
    ["By words", `BM25 ${trail.lexical.toFixed(2)}, ${rank(trail.lexical_rank)}`],
    ["Characters", `${citation.start} to ${citation.end}`],
    ["Article", citation.article_id],
    ["Citation", citation.id],
  ];
  return element("details", { class: "trail" },
    element("summary", {}, "How this was found"),
    element("dl", {}, ...rows.filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
}
