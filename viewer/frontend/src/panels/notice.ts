// SPDX-License-Identifier: MIT
import type { Session } from "../session";

const SHOWN_MS = 6000;

/** Shows the session's sentences for a while; the element is a live region, so they are spoken too. */
export function showNotices(target: HTMLElement, session: Session): void {
  let timer = 0;
  session.on("notice", (sentence) => {
    window.clearTimeout(timer);
    target.textContent = sentence;
    target.classList.add("shown");
    timer = window.setTimeout(() => {
      target.classList.remove("shown");
      target.textContent = "";
    }, SHOWN_MS);
  });
}
