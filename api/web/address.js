// The page's state is its address: ?q=…&from=…&to=…&source=… for the question, &view=timeline for another view of it
// than its answer, &article=…&start=…&end=… for the article that is open. Everything shown follows from it, so links
// can be shared and the back button works.

import { VIEWS } from "./views.js";

export const FILTERS = ["from", "to", "source"];

export function viewIn(address) {
  return VIEWS.find(({ name }) => name === address.get("view")) ?? VIEWS[0];
}

// The question with its filters, as the API takes them.
export function questionIn(address) {
  const parameters = new URLSearchParams();
  for (const name of ["q", ...FILTERS]) {
    const value = address.get(name)?.trim();
    if (value) parameters.set(name, value);
  }
  return parameters;
}

// Where a question is shown in a view, with no article open.
export function placeOf(question, view) {
  const parameters = new URLSearchParams(question);
  if (view !== VIEWS[0]) parameters.set("view", view.name);
  return parameters;
}

export function articleIn(address) {
  const id = address.get("article");
  if (id === null) return null;
  const [start, end] = ["start", "end"].map((name) => Number(address.get(name) ?? NaN));
  return { id, span: Number.isInteger(start) && Number.isInteger(end) && start >= 0 ? { start, end } : null };
}
