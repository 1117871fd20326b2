// What differs between two texts, word by word.

const MOST_PAIRS = 4_000_000; // of words that are compared with one another

// The longest common subsequence of words; of texts too long for it, what stands between their common ends is taken whole.
// Parts are in order, each `kind` "same", "gone" (of `earlier` only) or "new" (of `later` only) with its `words`; words are
// the same when `key` makes the same of them.
export function wordDifference(earlier, later, key = (word) => word) {
  const [ours, theirs] = [wordsOf(earlier), wordsOf(later)];
  let [start, end] = [0, 0];
  while (start < Math.min(ours.length, theirs.length) && key(ours[start]) === key(theirs[start])) start += 1;
  while (end < Math.min(ours.length, theirs.length) - start && key(ours.at(-1 - end)) === key(theirs.at(-1 - end))) end += 1;
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
  } else align(one, other, one.map(key), other.map(key), add);
  add("same", ours.slice(ours.length - end));
  return parts;
}

function align(one, other, ours, theirs, add) {
  const width = other.length + 1;
  const longest = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = ours[i] === theirs[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    if (ours[i] === theirs[j]) {
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

function wordsOf(text) {
  return text.split(/\s+/).filter(Boolean);
}
