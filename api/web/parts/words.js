// What differs between two texts, word by word.

const MOST = 400;

// Parts of `given` and `known` in order, as [kind, text] with kind "same", "gone" (only given) or "new" (only known);
// and which share of the words given is the same. Letter case and marks beside words do not matter.
export function wordDifference(given, known) {
  const [ours, theirs] = [given.split(/\s+/).filter(Boolean).slice(0, MOST), known.split(/\s+/).filter(Boolean).slice(0, MOST)];
  const [bare, others] = [ours.map(plain), theirs.map(plain)];
  const longest = Array.from({ length: ours.length + 1 }, () => new Uint16Array(theirs.length + 1));
  for (let one = ours.length - 1; one >= 0; one -= 1) {
    for (let other = theirs.length - 1; other >= 0; other -= 1) {
      longest[one][other] = bare[one] === others[other]
        ? longest[one + 1][other + 1] + 1 : Math.max(longest[one + 1][other], longest[one][other + 1]);
    }
  }
  const parts = [];
  const add = (kind, word) => (parts.at(-1)?.[0] === kind ? parts.at(-1)[1].push(word) : parts.push([kind, [word]]));
  let [one, other] = [0, 0];
  while (one < ours.length || other < theirs.length) {
    if (one < ours.length && other < theirs.length && bare[one] === others[other]) add("same", [theirs[other++], one++][0]);
    else if (other >= theirs.length || (one < ours.length && longest[one + 1][other] >= longest[one][other + 1])) add("gone", ours[one++]);
    else add("new", theirs[other++]);
  }
  return { parts: parts.map(([kind, words]) => [kind, words.join(" ")]), share: longest[0][0] / Math.max(1, ours.length) };
}

function plain(word) {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") || word;
}
