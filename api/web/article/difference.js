// What differs between two texts, word by word, with a few words around each difference.

import { element } from "../parts/dom.js";

const AROUND = 6;
const MOST_PAIRS = 4_000_000; // of words that are compared with one another

// Null where the texts are the same.
export function differenceView(earlier, later) {
  const parts = difference(wordsOf(earlier), wordsOf(later));
  if (parts.every(({ kind }) => kind === "same")) return null;
  return element("p", { class: "difference" }, ...parts.flatMap((part, at) => shown(part, at > 0, at < parts.length - 1)));
}

function shown({ kind, words }, before, after) {
  if (kind === "gone") return [element("del", {}, words.join(" ")), " "];
  if (kind === "new") return [element("ins", {}, words.join(" ")), " "];
  if (words.length <= 2 * AROUND + 4) return [`${words.join(" ")} `];
  return [[...(before ? words.slice(0, AROUND) : []), "…", ...(after ? words.slice(-AROUND) : [])].join(" "), " "];
}

function wordsOf(text) {
  return text.split(/\s+/).filter(Boolean);
}

// The longest common subsequence of words; of texts too long for it, what stands between their common ends is taken whole.
function difference(ours, theirs) {
  let [start, end] = [0, 0];
  while (start < Math.min(ours.length, theirs.length) && ours[start] === theirs[start]) start += 1;
  while (end < Math.min(ours.length, theirs.length) - start && ours.at(-1 - end) === theirs.at(-1 - end)) end += 1;
  const [one, other] = [ours.slice(start, ours.length - end), theirs.slice(start, theirs.length - end)];
  const parts = [];
  const add = (kind, words) => {
    if (!words.length) return;
    if (parts.at(-1)?.kind === kind) parts.at(-1).words.push(...words);
    else parts.push({ kind, words: [...words] });
  };
  add("same", ours.slice(0, start));
  if (one.length * other.length > MOST_PAIRS) {
    add("gone", one);
    add("new", other);
  } else align(one, other, add);
  add("same", ours.slice(ours.length - end));
  return parts;
}

function align(one, other, add) {
  const width = other.length + 1;
  const longest = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = one[i] === other[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    if (one[i] === other[j]) {
      add("same", [one[i]]);
      i += 1;
      j += 1;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
      add("gone", [one[i]]);
      i += 1;
    } else {
      add("new", [other[j]]);
      j += 1;
    }
  }
  add("gone", one.slice(i));
  add("new", other.slice(j));
}
