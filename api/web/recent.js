// The questions that this browser asked last; they are kept in it and sent nowhere.

const KEY = "dateline.recent";
const MOST = 8;

export function recentQuestions() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return []; // a browser may refuse to keep anything
  }
}

export function remember(question) {
  try {
    localStorage.setItem(KEY, JSON.stringify([question, ...recentQuestions().filter((one) => one !== question)].slice(0, MOST)));
  } catch {
    // then it is not kept
  }
}

export function forgetAll() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
}
