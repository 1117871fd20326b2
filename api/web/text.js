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

export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
