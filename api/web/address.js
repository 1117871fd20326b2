// The page's state is its address: ?q=…&from=…&to=…&source=… for the question, &view=timeline for another view of it
// than its answer, &article=…&start=…&end=… for the article that is open. Everything shown follows from it, so links
// can be shared and the back button works. What the page does not know in an address is told, never passed over.

import { VIEWS } from "./views.js";

export const ONCE = ["from", "to", "about_from", "about_to", "as_of", "any_time"];
export const SEVERAL = ["source", "section", "language", "said_by"];
export const FILTERS = [...ONCE, ...SEVERAL];
const OTHERS = ["q", "view", "article", "start", "end", "cite", "sort", "previous", "answered"];

export function viewIn(address) {
  return VIEWS.find(({ name }) => name === address.get("view")) ?? VIEWS[0];
}

// The question with its filters, as the API takes them.
export function questionIn(address) {
  const parameters = new URLSearchParams();
  for (const name of ["q", ...ONCE]) {
    const value = address.get(name)?.trim();
    if (value) parameters.set(name, value);
  }
  for (const name of SEVERAL) {
    const values = address.getAll(name).map((value) => value.trim()).filter(Boolean);
    for (const value of new Set(values)) parameters.append(name, value);
  }
  return parameters;
}

// What stands in an address and means nothing to this page: names, and views that there are none of.
export function unknownIn(address) {
  const names = [...new Set(address.keys())].filter((name) => ![...FILTERS, ...OTHERS].includes(name));
  const view = address.get("view");
  const given = names.map((name) => `${name}=${address.get(name)}`);
  return view === null || VIEWS.some(({ name }) => name === view) ? given : [...given, `view=${view}`];
}

// Where a question is shown in a view, with no article open; of an address of this view its own parameters stay.
export function placeOf(question, view, address = new URLSearchParams()) {
  const parameters = new URLSearchParams(question);
  if (view !== VIEWS[0]) parameters.set("view", view.name);
  for (const name of view.own ?? []) if (address.has(name)) parameters.set(name, address.get(name));
  return parameters;
}

export function articleIn(address) {
  const id = address.get("article");
  if (id === null) return null;
  const [start, end] = ["start", "end"].map((name) => Number(address.get(name) ?? NaN));
  return { id, span: Number.isInteger(start) && Number.isInteger(end) && start >= 0 ? { start, end } : null };
}
