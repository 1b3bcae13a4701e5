// SPDX-License-Identifier: MIT
import { RETRY } from "../services/health";
import type { Session } from "../session";

// How long to wait before asking once more for layers that did not come, at first and at most.
const FIRST_MS = 8_000;
const LONGEST_MS = 120_000;

/** Says that the network is away for as long as it is, and asks again for broken layers by itself, ever less often. */
export function followConnection(banner: HTMLElement, session: Session): void {
  let pause = FIRST_MS;
  let timer = 0;
  const broken = (): boolean => session.drawn().some((layer) => session.healthOf(layer).since !== null);
  const retry = (): void => {
    for (const layer of session.drawn()) if (session.healthOf(layer).since !== null) session.report(layer, RETRY);
  };
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (broken()) retry();
      pause = Math.min(pause * 2, LONGEST_MS);
    }, pause);
  };
  session.on("health", (layer) => {
    if (session.healthOf(layer).since !== null) later();
    else if (!broken()) pause = FIRST_MS;
  });
  const show = (): void => {
    banner.textContent = navigator.onLine ? "" : session.texts.offlineStays;
    banner.hidden = navigator.onLine;
  };
  show();
  window.addEventListener("offline", show);
  window.addEventListener("online", () => {
    show();
    session.notify(session.texts.backOnline);
    pause = FIRST_MS;
    retry();
  });
}
