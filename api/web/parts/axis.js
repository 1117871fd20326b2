// A drawing of when things happen: days as dots, longer stretches as bars, what was only predicted hollow. Reports of
// one stretch stand on top of one another, once each. The list below it says the same in words, so it is left out for
// those who are read to.

import { drawn, element } from "./dom.js";

const DAY = 86_400_000;
const ROW = 14;
const MOST_ROWS = 9;
const APART = 68;
const WIDEST = 736;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// `stretches` are { first, last, hollow, label, reports }, in order; `choose(at)` is told which was clicked.
export function axisView(stretches, choose) {
  const domain = domainOf(stretches);
  const place = (time) => (100 * (time - domain.first)) / (domain.last - domain.first);
  const marks = stretches.map((stretch, at) => ({ ...stretch, at, from: place(day(stretch.first)), to: place(day(stretch.last) + DAY) }));
  const rows = rowsOf(marks.filter(({ from, to }) => to > 0 && from < 100));
  const height = (Math.min(MOST_ROWS, rows.length) || 1) * ROW + 8;
  const shapes = rows.flatMap((row, up) => row.map((mark) => shape(mark, height - Math.min(up, MOST_ROWS - 1) * ROW - ROW / 2 - 4, choose)));
  const apart = (100 * APART) / (Math.min(innerWidth, WIDEST) - APART);
  let written = -Infinity;
  const ticks = ticksOf(domain).flatMap(({ time, text }) => {
    const x = place(time);
    const label = x - written >= apart && x <= 98;
    if (label) written = x;
    return [
      drawn("line", { x1: `${x}%`, x2: `${x}%`, y1: 0, y2: height + 5, class: "tick" }),
      ...(label ? [drawn("text", { x: `${x}%`, y: height + 19, "text-anchor": x < 4 ? "start" : "middle" }, text)] : []),
    ];
  });
  const beyond = [
    [marks.filter(({ to }) => to <= 0).length, "earlier", "0%", "start", "‹ "],
    [marks.filter(({ from }) => from >= 100).length, "later", "100%", "end", "› "],
  ].filter(([number]) => number).map(([number, word, x, side, arrow]) =>
    drawn("text", { x, y: 12, class: "beyond", "text-anchor": side }, `${arrow}${number} ${word}`));
  const hollow = stretches.some((one) => one.hollow);
  const long = stretches.some((one) => one.first !== one.last);
  return element("figure", { class: "axis", "aria-hidden": "true" },
    drawn("svg", { width: "100%", height: height + 26, focusable: "false" },
      ...ticks, drawn("line", { x1: 0, x2: "100%", y1: height, y2: height, class: "base" }), ...shapes, ...beyond),
    element("figcaption", {}, element("span", { class: "key dot" }, "a day"),
      long && element("span", { class: "key bar" }, "a longer stretch"),
      hollow && element("span", { class: "key hollow" }, "predicted, threatened or conditional")));
}

function shape(mark, y, choose) {
  const attributes = { class: mark.hollow ? "event hollow" : "event", onclick: () => choose(mark.at) };
  const title = drawn("title", {}, `${mark.label}: ${mark.reports} ${mark.reports === 1 ? "report" : "reports"}`);
  const [from, to] = [Math.max(0, mark.from), Math.min(100, mark.to)];
  if (mark.first === mark.last) return drawn("circle", { ...attributes, cx: `${(from + to) / 2}%`, cy: y, r: 5 }, title);
  return drawn("rect", { ...attributes, x: `${from}%`, width: `${Math.max(to - from, 0.9)}%`, y: y - 4, height: 8, rx: 4 }, title);
}

// Stack what would overlap: a mark goes to the first row that is free where it stands.
function rowsOf(marks) {
  const rows = [];
  for (const mark of marks) {
    const end = Math.max(mark.to, mark.from + 2.2);
    const free = rows.find((row) => row.end <= mark.from);
    if (free) {
      free.marks.push(mark);
      free.end = end;
    } else {
      rows.push({ end, marks: [mark] });
    }
  }
  return rows.map((row) => row.marks);
}

// From the first day to the last; of few that lie far from all others it is told only that there are some.
function domainOf(stretches) {
  const days = stretches.map(({ first }) => day(first)).sort((one, other) => one - other);
  const ends = stretches.map(({ last }) => day(last) + DAY).sort((one, other) => one - other);
  const cut = Math.floor(days.length / 8);
  const inner = [days[cut], ends[ends.length - 1 - cut]];
  const whole = [days[0], ends.at(-1)];
  const [first, last] = whole[1] - whole[0] > 5 * (inner[1] - inner[0]) ? inner : whole;
  const pad = Math.max(DAY, (last - first) * 0.03);
  return { first: first - pad, last: last + pad };
}

// A handful of days, months or years to read the axis by.
function ticksOf({ first, last }) {
  const days = (last - first) / DAY;
  const [begin, end] = [new Date(first), new Date(last)];
  const ticks = [];
  if (days <= 70) {
    const step = days <= 8 ? 1 : days <= 35 ? 7 : 14;
    for (let time = Math.ceil(first / DAY) * DAY; time <= last; time += step * DAY) {
      const at = new Date(time);
      ticks.push({ time, text: `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${ticks.length ? "" : ` ${at.getUTCFullYear()}`}` });
    }
    return ticks;
  }
  const months = days <= 1_100 ? (days <= 200 ? 1 : days <= 400 ? 2 : 6) : 12 * niceYears(days / 365 / 5);
  let at = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / months) * months;
  for (; at <= end.getUTCFullYear() * 12 + end.getUTCMonth(); at += months) {
    const [year, month] = [Math.floor(at / 12), at % 12];
    const time = Date.UTC(year, month);
    const text = months >= 12 || month === 0 ? String(year) : `${MONTHS[month]}${ticks.length ? "" : ` ${year}`}`;
    if (time >= first) ticks.push({ time, text });
  }
  return ticks;
}

function niceYears(wanted) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500].find((years) => years >= wanted) ?? 1_000;
}

function day(iso) {
  return Date.parse(iso.slice(0, 10));
}
