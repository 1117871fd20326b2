// How sure an answer is, in words, with the one figure that they stand for.

const WORDS = [
  [0.95, "As good as certain"],
  [0.85, "Very likely right"],
  [0.7, "Likely right"],
  [0.55, "More likely right than not"],
  [0.45, "As likely right as not"],
];

export function sureness({ tier, probability }) {
  const words = tier === "perhaps" ? "This may not answer"
    : WORDS.find(([least]) => probability >= least)?.[1] ?? "Less likely right than not";
  return `${words} (${percent(probability)})`;
}

export function percent(probability) {
  return `${Math.round(probability * 100)}%`;
}
