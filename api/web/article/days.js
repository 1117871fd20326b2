// What a time expression means, told beside it while it is pointed at or has the focus.

import { element } from "../parts/dom.js";

export function tellDays(place) {
  const bubble = element("span", { id: "days", class: "days", role: "tooltip", hidden: true });
  const show = ({ target }) => {
    const time = target.closest?.(".time");
    if (!time) return;
    bubble.textContent = time.dataset.days;
    bubble.hidden = false;
    time.setAttribute("aria-describedby", "days");
    const [at, all] = [time.getClientRects()[0], place.getBoundingClientRect()];
    bubble.style.top = `${at.top - all.top - bubble.offsetHeight - 4}px`;
    bubble.style.left = `${Math.max(8, Math.min(at.left - all.left, place.clientWidth - bubble.offsetWidth - 8))}px`;
  };
  const hide = () => { bubble.hidden = true; };
  place.addEventListener("mouseover", show);
  place.addEventListener("focusin", show);
  place.addEventListener("mouseout", hide);
  place.addEventListener("focusout", hide);
  return bubble;
}
