// Offsets count Unicode code points, JavaScript's strings count UTF-16 units: every cut is made here.

export function slice(text, start, end) {
  return Array.from(text).slice(start, end).join("");
}

// Where the sentences or lines around [start, end) begin and end, within the passage they stand in.
export function surroundings(text, span, passage) {
  return {
    before: slice(text, Math.min(passage.start, span.start), span.start),
    quote: slice(text, span.start, span.end),
    after: slice(text, span.end, Math.max(passage.end, span.end)),
  };
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

// "2024-09-10T12:31+02:00" -> "10 September 2024, 12:31 (UTC+02:00)"; what is not known is left out.
export function readableDate(iso) {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::\d\d)?(.*))?)?)?$/.exec(iso);
  if (!parts) return iso;
  const [, year, month, day, time, zone] = parts;
  const date = [day && Number(day), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ");
  if (!time) return date;
  const offset = zone === "+00:00" || zone === "Z" ? "UTC" : `UTC${zone}`;
  return `${date}, ${time}${zone ? ` (${offset})` : ""}`;
}

export function webAddress(text) {
  if (!text || !URL.canParse(text)) return null;
  return ["http:", "https:"].includes(new URL(text).protocol) ? text : null;
}

export function count(number, noun, nouns = `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : nouns}`;
}

// Two ISO dates, both included: "10 September to 10 October 2024"; one may be null, but not both.
export function readablePeriod(first, last) {
  if (!first) return `until ${readableDate(last)}`;
  if (!last) return `from ${readableDate(first)}`;
  if (first === last) return readableDate(first);
  const [begin, end] = [readableDate(first).split(" "), readableDate(last).split(" ")];
  while (begin.length > 1 && begin.at(-1) === end[begin.length - 1]) begin.pop();
  return `${begin.join(" ")} to ${readableDate(last)}`;
}

const DAY_MS = 86_400_000;

// What a half-open interval of the API means, no more finely than its words spoke.
export function readableInterval({ start, end, precision }) {
  if (start?.includes("T") && ["hour", "minute", "second"].includes(precision)) {
    return `${readableDate(start)} (${precision})`;
  }
  if (start?.includes("T") && end) return `${readableDate(start)} to ${readableDate(end)} (${precision})`;
  const last = end && new Date(Date.parse(end.slice(0, 10)) - (end.includes("T") ? 0 : DAY_MS)).toISOString().slice(0, 10);
  return `${readablePeriod(start?.slice(0, 10), last)} (${precision})`;
}

// The heading of a group of a timeline: the day, the month or the year that it begins.
export function readableGroup(begins, grouping) {
  return readableDate(begins.slice(0, { day: 10, month: 7, year: 4 }[grouping]));
}
