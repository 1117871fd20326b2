// What is told of an archive.

import { count, readableDate } from "./text.js";

export function coverage({ articles, first_published: first, last_published: last, sources }) {
  const period = first ? `, published from ${readableDate(first)} to ${readableDate(last)}` : "";
  const names = Object.keys(sources ?? {});
  const by = names.length ? `, by ${names.slice(0, 8).join(", ")}${names.length > 8 ? ` and ${names.length - 8} more` : ""}` : "";
  return `${count(articles, "article")}${period}${by}`;
}
