// What is taken along: a citation, or all of what is shown, in each form that the API writes.

import { send } from "../client.js";
import { element } from "./dom.js";
import { count } from "./text.js";

const FORMS = [
  ["text", "plain text"], ["markdown", "Markdown"], ["bibtex", "BibTeX"], ["csl", "CSL-JSON"], ["annotation", "web annotation"],
];
const FILES = [["csv", "CSV"], ["json", "JSON"], ["bibtex", "BibTeX"], ["csl", "CSL-JSON"], ["annotation", "Web annotations"]];

// A menu that copies one citation, by its id; folded unless said otherwise.
export function copyView({ id, headline }, unfolded = false) {
  const said = saying();
  const form = ([name, label]) => element("li", {}, element("button", {
    type: "button", class: "quiet", onclick: () => copy(written(`v1/citations/${id}`, [["format", name]]), `Copied as ${label}.`, said),
  }, capital(label)));
  return element("details", { class: "copy", open: unfolded },
    element("summary", { "aria-label": `Copy this citation of ${headline || "an untitled article"}`, "data-id": id }, "Copy"),
    element("ul", {},
      ...FORMS.map(form),
      element("li", {}, element("button", {
        type: "button", class: "quiet", onclick: () => copy(Promise.resolve(addressOf(id)), "The link is copied.", said),
      }, "Link"))),
    said);
}

// The address of a citation's page, to be sent to somebody.
export function addressOf(id) {
  return new URL(`c/${id}`, document.baseURI.split("?")[0]).href;
}

// Ways to take along all that a path of the API answers to a question.
export function takeView(path, parameters) {
  const said = saying();
  const whole = ([name, label]) => element("button", {
    type: "button", class: "quiet", onclick: () => copy(written(path, [...parameters, ["format", name]]), `Copied as ${label}.`, said),
  }, `Copy as ${label}`);
  const file = ([name, label]) => element("button", {
    type: "button", class: "quiet", onclick: () => save(path, [...parameters, ["format", name]], said),
  }, label);
  return element("section", { class: "take", "aria-labelledby": "take-heading" },
    element("h2", { id: "take-heading" }, "Take it along"),
    element("div", { class: "row" },
      whole(FORMS[0]), whole(FORMS[1]),
      element("button", { type: "button", class: "quiet", onclick: () => copy(Promise.resolve(location.href), "The link is copied.", said) }, "Copy link"),
      element("button", { type: "button", class: "quiet", onclick: () => print() }, "Print")),
    element("div", { class: "row" }, element("span", { class: "label" }, "Save as"), ...FILES.map(file)),
    said);
}

function capital(label) {
  return label[0].toUpperCase() + label.slice(1);
}

function saying() {
  return element("p", { class: "told", role: "status", "aria-live": "polite" });
}

async function written(path, parameters) {
  return (await send(path, parameters)).text();
}

// Put what comes on the clipboard. Where a page may not (it was not served over https), it is shown to be copied.
async function copy(coming, told, said) {
  said.replaceChildren("Copying…");
  try {
    const text = coming.then((whole) => whole.trimEnd());
    if (navigator.clipboard && window.ClipboardItem) {
      // The promise is handed over at once: browsers let only what follows a click write.
      const blob = text.then((whole) => new Blob([whole], { type: "text/plain" }));
      blob.catch(() => {});
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      show(await text, said);
      return;
    }
    said.replaceChildren(told);
  } catch (error) {
    await coming.then((text) => show(text.trimEnd(), said), (problem) => said.replaceChildren(problem.message));
    if (error.name !== "NotAllowedError") console.error(error);
  }
}

function show(text, said) {
  const area = element("textarea", { readonly: true, rows: Math.min(12, text.split("\n").length + 1), "aria-label": "To be copied" });
  area.value = text;
  said.replaceChildren("Copy this:", area);
  area.select();
}

async function save(path, parameters, said) {
  said.replaceChildren("Making the file…");
  try {
    const response = await send(path, parameters);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "dateline.json";
    const content = await response.blob();
    const link = element("a", { href: URL.createObjectURL(content), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
    said.replaceChildren(`Saved ${name}, ${count(content.size, "byte")}.`);
  } catch (error) {
    said.replaceChildren(error.message);
  }
}
