// What was reported before, where what was asked for has changed; figures from three on as a small line, too.

import { linkButton } from "./citation.js";
import { drawn, element } from "./dom.js";
import { readableDate } from "./text.js";

const [WIDTH, HEIGHT, EDGE] = [220, 56, 6];
const SCALES = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };

export function historyView({ history, citations: [newest] }, open) {
  if (!history.length) return null;
  const list = element("ul", { class: "history" }, ...history.map(({ words, published, citation }) => element("li", {},
    linkButton(`earlier: ${words || `“${citation.quote}”`} (${dayOf(published)})`, () => open(citation)))));
  const reports = [...history.map(({ words, published }) => ({ words, published })).reverse(),
    { words: newest.answer?.words ?? "", published: newest.published }];
  return element("div", { class: "changing" }, lineView(reports), list);
}

// A line through the figures of reports, the oldest first; null where there are fewer than three.
function lineView(reports) {
  const points = reports
    .map(({ words, published }) => ({ words, published, figure: figureIn(words), at: published && Date.parse(published.value.slice(0, 10)) }))
    .filter(({ figure, at }) => figure !== null && Number.isFinite(at));
  if (points.length < 3) return null;
  const scale = (values, length) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return (value) => EDGE + (most > least ? (value - least) / (most - least) : 0.5) * (length - 2 * EDGE);
  };
  const [across, up] = [scale(points.map(({ at }) => at), WIDTH), scale(points.map(({ figure }) => figure), HEIGHT)];
  const places = points.map(({ at, figure }) => [across(at), HEIGHT - up(figure)].map((place) => place.toFixed(1)));
  const told = points.map(({ words, published }) => `${words} (${dayOf(published)})`).join(", ");
  return drawn("svg", { class: "line", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": `From report to report: ${told}` },
    drawn("polyline", { points: places.map((place) => place.join(",")).join(" ") }),
    ...places.map(([x, y], at) => drawn("circle", { cx: x, cy: y, r: at === places.length - 1 ? 4.5 : 3 },
      drawn("title", {}, `${points[at].words} (${dayOf(points[at].published)})`))));
}

// The figure in words such as "more than 2,000" or "2.5 million"; null where there is none in digits.
function figureIn(words) {
  const found = /(\d[\d,]*(?:\.\d+)?)(?:\s+(thousand|million|billion|trillion))?/i.exec(words);
  return found && Number(found[1].replaceAll(",", "")) * (SCALES[found[2]?.toLowerCase()] ?? 1);
}

function dayOf({ value }) {
  return readableDate(value.slice(0, 10));
}
