// SPDX-License-Identifier: MIT
import type { Cover } from "../map/view";
import type { Texts } from "../texts";
import { byId, iconButton, isPhone } from "./dom";
import { icon } from "./icons";
import type { Sheet } from "./sheet";

const CARD_WIDTH = 352;
const GUTTER = 16;

export interface Panel {
  close: () => void;
}

/** The layer panel: always there on desktops, opened by one pill on phones. */
export function startPanel(texts: Texts): Panel {
  const pill = byId("open-layers");
  const panel = byId("panel");
  pill.prepend(icon("layers"));
  const setOpen = (open: boolean): void => {
    panel.classList.toggle("open", open);
    pill.setAttribute("aria-expanded", String(open));
  };
  const close = (): void => {
    if (!panel.classList.contains("open")) return;
    setOpen(false);
    pill.focus({ preventScroll: true });
  };
  const button = iconButton("close", texts.close, close);
  button.classList.add("panel-close");
  byId("panel-head").append(button);
  pill.addEventListener("click", () => {
    setOpen(true);
    button.focus({ preventScroll: true });
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  return { close };
}

/** What the open card hides of the map: its left on desktops, its lower part on phones. */
export function coverOf(sheet: Sheet): Cover {
  if (isPhone()) return [112, 56, sheet.isOpen() ? Math.round(window.innerHeight / 2) : 0, 0];
  return [0, 64, 48, sheet.isOpen() ? CARD_WIDTH + GUTTER : 0];
}
