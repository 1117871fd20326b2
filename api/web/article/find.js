// Find words in the open article. What is found is painted over the text, which stays as it is.

import { element } from "../parts/dom.js";

// `textOf` gives the element that is searched.
export function findView(textOf) {
  const input = element("input", { type: "search", "aria-label": "Find in this article", placeholder: "Find", autocomplete: "off" });
  const told = element("span", { class: "found", role: "status" });
  let [ranges, at] = [[], 0];
  const search = () => {
    [ranges, at] = [rangesOf(textOf(), input.value), 0];
    show();
  };
  const show = () => {
    paint("found", ranges);
    paint("found-now", ranges.slice(at, at + 1));
    told.textContent = !input.value.trim() ? "" : ranges.length ? `${at + 1} of ${ranges.length}` : "none";
    ranges[at]?.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  };
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && ranges.length) {
      at = (at + (event.shiftKey ? ranges.length - 1 : 1)) % ranges.length;
      show();
    } else if (event.key === "Escape" && input.value) {
      input.value = "";
      search();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { view: element("span", { class: "find" }, input, told), again: search };
}

function rangesOf(place, words) {
  const wanted = words.trim().toLowerCase();
  if (!place || !wanted) return [];
  const nodes = [];
  for (const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT); walker.nextNode();) nodes.push(walker.currentNode);
  // What changes its length in lower case (İ) is left as it is, so that places in both are the same.
  const low = (text) => Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");
  const text = nodes.map((node) => low(node.data)).join("");
  const starts = [];
  nodes.reduce((sum, node) => (starts.push(sum), sum + node.length), 0);
  const placeOf = (offset) => {
    const node = starts.findLastIndex((start) => start <= offset);
    return [nodes[node], offset - starts[node]];
  };
  const found = [];
  for (let from = text.indexOf(wanted); from !== -1; from = text.indexOf(wanted, from + wanted.length)) {
    const range = document.createRange();
    range.setStart(...placeOf(from));
    const [last, offset] = placeOf(from + wanted.length - 1);
    range.setEnd(last, offset + 1);
    found.push(range);
  }
  return found;
}

function paint(name, ranges) {
  if (globalThis.Highlight) CSS.highlights.set(name, new Highlight(...ranges));
}
