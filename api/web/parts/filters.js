// What narrows a question down: chips of what does, each to be taken away, and what else could, with counts.

import { ONCE, SEVERAL } from "../address.js";
import { element } from "./dom.js";
import { count, readableDate, readablePeriod } from "./text.js";

const SHOWN = 8;
const GROUPS = [
  ["source", "Source", "sources"],
  ["section", "Section", "sections"],
  ["language", "Language", "languages"],
  ["said_by", "Speaker", "speakers"],
];
const LABELS = { source: "source", section: "section", language: "language", said_by: "said by" };
const PERIODS = [["published", "from", "to"], ["about the time", "about_from", "about_to"]];
const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

// The chips of a question. `change(edit)` asks anew with what `edit` makes of the question as it is by then: what is shown
// may be a moment behind. Empty where nothing narrows it down.
export function chips(question, change) {
  const several = [...question].filter(([name]) => SEVERAL.includes(name))
    .map(([name, value]) => chipView(`${LABELS[name]} ${valueText(name, value)}`, () => change((now) => without(now, name, value))));
  const periods = PERIODS.filter(([, first, last]) => question.has(first) || question.has(last))
    .map(([label, first, last]) => chipView(`${label} ${periodText(question.get(first), question.get(last))}`,
      () => change((now) => withValue(withValue(now, first, ""), last, ""))));
  const days = [["as_of", (day) => `as it stood on ${readableDate(day)}`], ["any_time", () => "any time"]]
    .filter(([name]) => question.has(name))
    .map(([name, told]) => chipView(told(question.get(name)), () => change((now) => withValue(now, name, ""))));
  return [...periods, ...several, ...days].map((chip) => element("li", {}, chip));
}

function periodText(first, last) {
  return first?.endsWith("-01-01") && last === `${first.slice(0, 4)}-12-31` ? `in ${first.slice(0, 4)}` : readablePeriod(first, last);
}

export function chipView(told, remove) {
  return element("button", { type: "button", class: "chip", "aria-label": `Remove: ${told}`, onclick: remove },
    told, element("span", { "aria-hidden": "true" }, "×"));
}

function valueText(name, value) {
  if (name === "language") return languageName(value);
  return name === "said_by" ? speakerName(value) : value;
}

function languageName(code) {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

// Names are compared in lower case; they are shown as names.
function speakerName(name) {
  return name === name.toLowerCase() ? name.replace(/(?<![\p{L}'’])\p{L}/gu, (letter) => letter.toUpperCase()) : name;
}

function without(question, name, value) {
  const others = [...question].filter(([other, held]) => other !== name || held !== value);
  return new URLSearchParams(others);
}

export function withValue(question, name, value) {
  const changed = new URLSearchParams(question);
  if (!ONCE.includes(name)) changed.append(name, value);
  else if (value) changed.set(name, value);
  else changed.delete(name);
  return changed;
}

// What else could narrow a question down, by the facets of the archive under its filters.
export function facetsView(question, facets, change) {
  return [
    ...GROUPS.map(([name, label, field]) => groupView(question, name, label, facets[field], change)),
    yearsView(question, facets.years.counts, change),
    daysView(question, change),
    element("p", { class: "counted" }, `${count(facets.articles, "article")} in the archive under these filters.`),
  ];
}

function groupView(question, name, label, { counts, left_out: leftOut }, change) {
  const chosen = question.getAll(name);
  const isChosen = (value) => chosen.some((one) => one.toLowerCase() === value.toLowerCase());
  const entries = name === "said_by" ? namesFirst(Object.entries(counts)) : Object.entries(counts);
  const absent = chosen.filter((one) => !entries.some(([value]) => value.toLowerCase() === one.toLowerCase()));
  if (!entries.length && !absent.length && name !== "said_by") return null;
  const ordered = [...absent.map((value) => [value, 0]), ...entries].sort((one, other) => isChosen(other[0]) - isChosen(one[0]));
  const box = ([value, number]) => element("li", {}, element("label", {},
    element("input", {
      type: "checkbox", name, value, checked: isChosen(value),
      onchange: ({ target }) => change((now) => (target.checked ? withValue(now, name, value)
        : without(now, name, chosen.find((one) => one.toLowerCase() === value.toLowerCase()) ?? value))),
    }),
    element("span", {}, valueText(name, value)),
    element("span", { class: "number" }, number.toLocaleString("en"))));
  const [first, more] = [ordered.slice(0, SHOWN), ordered.slice(SHOWN)];
  return element("fieldset", { class: "facet" },
    element("legend", {}, label),
    element("ul", {}, ...first.map(box)),
    more.length > 0 && element("details", {},
      element("summary", {}, `${more.length} more`),
      element("ul", {}, ...more.map(box)),
      leftOut > 0 && element("p", { class: "counted" }, `and ${leftOut.toLocaleString("en")} rarer ones`)),
    name === "said_by" && speakerField(change));
}

// Who has more than one name is looked for more than "officials" and "police" are.
function namesFirst(entries) {
  return [...entries].sort(([one], [other]) => other.includes(" ") - one.includes(" "));
}

function speakerField(change) {
  const field = element("input", { type: "text", "aria-label": "Another speaker, by name or role", placeholder: "Name or role", maxlength: 300 });
  return element("form", {
    class: "facet-field",
    onsubmit: (event) => {
      event.preventDefault();
      if (field.value.trim()) change((now) => withValue(now, "said_by", field.value.trim()));
    },
  }, field, element("button", { type: "submit", class: "quiet" }, "Add"));
}

// Bars of the articles of each year; one narrows down to its year, and gives it back when it is pressed again.
function yearsView(question, counts, change) {
  const years = Object.entries(counts);
  if (!years.length) return null;
  const most = Math.max(...Object.values(counts));
  const [from, to] = [question.get("from"), question.get("to")];
  const bar = ([year, number]) => {
    const [first, last] = [`${year.padStart(4, "0")}-01-01`, `${year.padStart(4, "0")}-12-31`];
    const chosen = from === first && to === last;
    const within = (!from || from <= last) && (!to || to >= first);
    const fill = element("span", { class: "bar", "aria-hidden": "true" });
    fill.style.inlineSize = `${Math.max(2, (100 * number) / most)}%`;
    return element("li", {}, element("button", {
      type: "button", class: within ? "year" : "year outside", "aria-pressed": String(chosen),
      "aria-label": `${year}: ${count(number, "article")}`,
      onclick: () => change((now) => (chosen ? published(now, "", "") : published(now, first, last))),
    }, element("span", {}, year), element("span", { class: "track" }, fill), element("span", { class: "number" }, number.toLocaleString("en"))));
  };
  const [shown, more] = [years.slice(-SHOWN).reverse(), years.slice(0, -SHOWN).reverse()];
  return element("fieldset", { class: "facet years" },
    element("legend", {}, "Year"),
    element("ul", {}, ...shown.map(bar)),
    more.length > 0 && element("details", {}, element("summary", {}, `${more.length} more`), element("ul", {}, ...more.map(bar))));
}

export function published(question, first, last) {
  return withValue(withValue(question, "from", first), "to", last);
}

function daysView(question, change) {
  const day = (name, label) => element("label", {}, label, element("input", {
    type: "date", name, value: question.get(name) ?? "", onchange: ({ target }) => change((now) => withValue(now, name, target.value)),
  }));
  return element("fieldset", { class: "facet on-days" },
    element("legend", {}, "Days"),
    day("from", "Published from"), day("to", "Published until"),
    day("about_from", "About the time from"), day("about_to", "About the time until"),
    day("as_of", "As it stood on"));
}
