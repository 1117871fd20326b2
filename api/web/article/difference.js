// What differs between two texts, word by word, with a few words around each difference.

import { element } from "../parts/dom.js";
import { wordDifference } from "../parts/words.js";

const AROUND = 6;

// Null where the texts are the same.
export function differenceView(earlier, later) {
  const parts = wordDifference(earlier, later);
  if (parts.every(({ kind }) => kind === "same")) return null;
  return element("p", { class: "difference" }, ...parts.flatMap((part, at) => shown(part, at > 0, at < parts.length - 1)));
}

function shown({ kind, words }, before, after) {
  if (kind === "gone") return [element("del", {}, words.join(" ")), " "];
  if (kind === "new") return [element("ins", {}, words.join(" ")), " "];
  if (words.length <= 2 * AROUND + 4) return [`${words.join(" ")} `];
  return [[...(before ? words.slice(0, AROUND) : []), "…", ...(after ? words.slice(-AROUND) : [])].join(" "), " "];
}
