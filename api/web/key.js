// The API key, where the server asks for one: kept until the tab is closed, and sent to this server only.

import { element } from "./parts/dom.js";

const NAME = "dateline-key";
let asking = null;
let kept = ""; // for a browser that refuses to keep anything: until the page is closed

export function credentials() {
  let key = kept;
  try {
    key ||= sessionStorage.getItem(NAME);
  } catch {
    // nothing was kept
  }
  return key ? { Authorization: `Bearer ${key}` } : {};
}

// Asks for a key, once for all requests that were refused; tells whether there is another one to try.
export async function otherKey(refused) {
  if (credentials().Authorization !== refused) return true;
  asking ??= ask(Boolean(refused)).finally(() => { asking = null; });
  return asking;
}

function ask(wrong) {
  const input = element("input", {
    type: "password", name: "key", required: true, autocomplete: "current-password", spellcheck: "false",
    pattern: "\\s*[\\x21-\\x7e]+\\s*", title: "A key has no spaces and no letters with accents.",
  });
  const dialog = element("dialog", { class: "key", "aria-labelledby": "key-title" },
    element("form", { method: "dialog" },
      element("h2", { id: "key-title" }, "This archive asks for a key"),
      wrong && element("p", { role: "alert" }, "The key is not valid, or not any more."),
      element("label", {}, "Key ", input),
      element("p", {}, "It is kept until this tab is closed."),
      element("button", { value: "given" }, "Use it"),
      element("button", { value: "", formnovalidate: true }, "Cancel")));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const given = dialog.returnValue === "given" && input.value.trim();
      if (given) keep(given);
      dialog.remove();
      resolve(Boolean(given));
    }, { once: true });
  });
}

function keep(key) {
  kept = key;
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // then it is kept here alone
  }
}
