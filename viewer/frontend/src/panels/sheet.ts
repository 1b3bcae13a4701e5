// SPDX-License-Identifier: MIT
import { element } from "./dom";

const STOPS = ["peek", "half", "full"] as const;
type Stop = (typeof STOPS)[number];

/** Height of each stop in pixels, for a window of that height. */
const HEIGHTS: Record<Stop, (window: number) => number> = {
  peek: () => 96,
  half: (height) => Math.round(height * 0.5),
  full: (height) => height - 72,
};

export interface Sheet {
  show: (head: HTMLElement, body: HTMLElement) => void;
  hide: () => void;
  isOpen: () => boolean;
}

/**
 * The card's frame: a card on desktops, on phones a bottom sheet with three stops.
 * Drag the handle, tap it, or use the arrow keys on it: every drag has a tap beside it.
 */
export function createSheet(frame: HTMLElement, label: string): Sheet {
  const handle = element("button", { type: "button", class: "handle", "aria-label": label, title: label });
  const content = element("div", { class: "sheet-content" });
  frame.replaceChildren(handle, content);
  let stop: Stop = "half";
  const settle = (next: Stop): void => {
    stop = next;
    frame.dataset.stop = next;
    frame.style.removeProperty("--sheet");
  };
  const step = (by: number): void => {
    settle(STOPS[Math.min(STOPS.length - 1, Math.max(0, STOPS.indexOf(stop) + by))] ?? "half");
  };
  handle.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp") step(1);
    else if (event.key === "ArrowDown") step(-1);
    else return;
    event.preventDefault();
  });
  drag(handle, frame, settle, () => {
    settle(stop === "full" ? "peek" : (STOPS[STOPS.indexOf(stop) + 1] ?? "half"));
  });
  return {
    show: (head, body) => {
      content.replaceChildren(head, body);
      content.scrollTop = 0;
      if (frame.hidden || stop === "peek") settle("half");
      frame.hidden = false;
    },
    hide: () => {
      frame.hidden = true;
      content.replaceChildren();
    },
    isOpen: () => !frame.hidden,
  };
}

function drag(handle: HTMLElement, frame: HTMLElement, settle: (stop: Stop) => void, tap: () => void): void {
  let start: number | null = null;
  let moved = false;
  handle.addEventListener("pointerdown", (event) => {
    start = event.clientY;
    moved = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (start === null || (!moved && Math.abs(event.clientY - start) < 6)) return;
    moved = true;
    frame.style.setProperty("--sheet", `${window.innerHeight - event.clientY}px`);
  });
  const end = (event: PointerEvent): void => {
    if (start !== null && moved) settle(nearest(window.innerHeight - event.clientY));
    start = null;
  };
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  // A click follows a drag too; only a still one is a tap. The keyboard's Enter arrives here as well.
  handle.addEventListener("click", () => {
    if (!moved) tap();
    moved = false;
  });
}

function nearest(height: number): Stop {
  const distance = (stop: Stop): number => Math.abs(HEIGHTS[stop](window.innerHeight) - height);
  return [...STOPS].sort((a, b) => distance(a) - distance(b))[0] ?? "half";
}
