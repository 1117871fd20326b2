// A draft, checked: every quotation in it as it stands in the archive, altered, somebody else's, or absent, with the
// place. The draft is kept in this tab only; it is sent to the server, and stored nowhere.

import { send } from "../client.js";
import { aboutView, headlineButton } from "../parts/citation.js";
import { copyView } from "../parts/copy.js";
import { element } from "../parts/dom.js";
import { count, slice } from "../parts/text.js";
import { wordDifference } from "../parts/words.js";

export const draft = { name: "draft", label: "Check a draft", asks: false, show };

const KINDS = {
  stands: { sign: "✓", label: "As it stands", many: "verbatim" },
  altered: { sign: "≈", label: "Altered", many: "altered" },
  elses: { sign: "⇄", label: "Somebody else’s", many: "somebody else’s" },
  withdrawn: { sign: "!", label: "Withdrawn", many: "from withdrawn articles" },
  absent: { sign: "✗", label: "Absent", many: "absent" },
};
const LEAST_ALIKE = 0.6;
let text = "";
let report = null;

async function show({ paint, open, tell, busy, problem }) {
  const area = element("textarea", { id: "draft", rows: 12, spellcheck: "false", "aria-describedby": "draft-hint", required: true });
  area.value = text;
  const place = element("div", { class: "findings" });
  const check = async () => {
    text = area.value.replaceAll("\r\n", "\n");
    if (!text.trim()) return;
    busy("Checking every quotation…");
    try {
      report = await (await send("v1/verify", [], { body: { text } })).json();
      place.replaceChildren(...findings(report, text, open));
      tell("Checked.");
      place.querySelector("h2")?.focus();
    } catch (error) {
      problem(error, place, check);
    }
  };
  paint(element("form", { class: "draft", onsubmit: (event) => { event.preventDefault(); check(); } },
    element("label", { for: "draft" }, "Check a draft"),
    area,
    element("div", { class: "row" },
      element("button", { type: "submit" }, "Check the quotations"),
      element("p", { id: "draft-hint", class: "hint" }, "Quotations of at least four words, in quotation marks or block quotes. The text is stored nowhere."))),
  place);
  if (report) place.replaceChildren(...findings(report, text, open));
  return "";
}

// What a result is for somebody who writes.
function kindOf(result) {
  if (result.found?.withdrawn) return "withdrawn";
  if (result.somebody_elses || result.status === "misattributed") return "elses";
  if (result.verified) return "stands";
  if (result.status === "stitched") return "altered";
  return result.closest && share(result.claim.quote ?? "", result.closest.quote) >= LEAST_ALIKE ? "altered" : "absent";
}

// Which share of the words of a quote the nearest place has, in their order.
function share(quote, known) {
  const parts = wordDifference(quote, known, plain);
  const number = (...kinds) => parts.reduce((sum, { kind, words }) => sum + (kinds.includes(kind) ? words.length : 0), 0);
  return number("same") / number("same", "gone");
}

// A word without letter case and the marks beside it.
function plain(word) {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") || word;
}

function summary({ results, refused }) {
  if (!results.length) return refused.length ? "Nothing could be checked." : "There is no quotation in it.";
  const kinds = results.map(kindOf);
  const told = Object.entries(KINDS).map(([kind, { many }]) => [kinds.filter((one) => one === kind).length, many])
    .filter(([number]) => number).map(([number, many]) => `${number} ${many}`);
  return `${count(results.length, "quotation")}: ${told.join(", ")}.`;
}

function findings(report, checked, open) {
  const { results, refused, unchecked_words: unchecked } = report;
  return [element("section", { "aria-labelledby": "findings-heading" },
    element("h2", { id: "findings-heading", tabindex: "-1" }, "What the archive says"),
    element("p", { class: "verdict" }, summary(report)),
    results.length > 0 && textView(results, checked),
    element("ol", { class: "claims" }, ...results.map((result, at) => claimView(result, at, open))),
    refused.length > 0 && element("div", { class: "notice" }, element("h3", {}, "Not checked"),
      element("ul", {}, ...refused.map(({ where, reason }) => element("li", {}, `${where}: ${reason}`)))),
    element("p", { class: "counted" }, unchecked
      ? `${count(unchecked, "word")} outside of quotations, or in quotations of fewer than four words, were not checked.`
      : ""))];
}

// The draft itself, each quotation marked, and numbered as in the list below.
function textView(results, checked) {
  const parts = [];
  let last = 0;
  results.forEach((result, at) => {
    const { span } = result;
    if (!span || span.start < last) return;
    const kind = kindOf(result);
    parts.push(slice(checked, last, span.start), element("a", { class: `claim ${kind}`, href: `#claim-${at}`, onclick: (event) => {
      event.preventDefault();
      document.getElementById(`claim-${at}`)?.scrollIntoView({ block: "center" });
      document.getElementById(`claim-${at}`)?.focus({ preventScroll: true });
    } }, slice(checked, span.start, span.end), element("sup", {}, `${KINDS[kind].sign}${at + 1}`)));
    last = span.end;
  });
  parts.push(slice(checked, last, Infinity));
  return element("details", { class: "checked", open: true }, element("summary", {}, "The draft, marked"),
    element("div", { class: "body" }, ...parts));
}

function claimView(result, at, open) {
  const kind = kindOf(result);
  const place = result.found ?? (kind === "altered" || kind === "absent" ? result.closest : null);
  const { quote } = result.claim;
  const differs = place && quote && kind === "altered";
  return element("li", { class: `claim-item ${kind}`, id: `claim-${at}`, tabindex: "-1" },
    element("p", { class: "claim-kind" }, element("span", { "aria-hidden": "true" }, KINDS[kind].sign), ` ${KINDS[kind].label}`,
      element("span", { class: "where" }, result.where)),
    element("blockquote", {}, differs ? differenceParts(quote, place.quote) : quote ?? place?.quote ?? ""),
    reasonView(result, kind),
    place && element("div", { class: "place" },
      kind === "absent" && element("p", { class: "counted" }, "Nearest in the archive, which is something else:"),
      kind === "absent" && element("blockquote", { class: "nearest" }, place.quote),
      headlineButton(place, open),
      aboutView(place),
      result.found && element("div", { class: "tools" }, copyView(place))));
}

function differenceParts(quote, known) {
  const whole = element("span", {});
  for (const { kind, words } of wordDifference(quote, known, plain)) {
    const text = words.join(" ");
    whole.append({ same: text, gone: element("del", {}, text), new: element("ins", {}, text) }[kind], " ");
  }
  return whole;
}

function reasonView(result, kind) {
  const speakers = result.speakers.map(({ name, role }) => (role ? `${name} (${role})` : name)).join(" and ");
  const told = {
    stands: speakers ? `${speakers} says it there.` : "It stands there word for word; the article names nobody who says it.",
    altered: result.status === "stitched"
      ? "Its words stand there in this order, but something was left out or changed."
      : "Some of its words stand there otherwise: struck through what only the draft has, underlined what only the archive has.",
    elses: result.somebody_elses
      ? `The draft gives it to ${result.said_by}; in the archive ${speakers} says it.` : result.reason,
    withdrawn: `The article was withdrawn by its publisher: ${result.found?.withdrawn?.reason ?? ""}`,
    absent: "It does not stand in the archive.",
  }[kind];
  return element("p", { class: "reason" }, told,
    result.found?.superseded_by && " A later version of this article is in its place, and may say otherwise.");
}
