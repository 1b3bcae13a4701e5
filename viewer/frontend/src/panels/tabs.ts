// SPDX-License-Identifier: MIT
import { byId } from "./dom";

const NAMES = ["layers", "filter", "table", "figures", "legend"] as const;
export type TabName = (typeof NAMES)[number];

export interface Tabs {
  open: (name: TabName) => void;
  /** Told whenever the tab comes to the front. */
  onShow: (name: TabName, act: () => void) => void;
  isShown: (name: TabName) => boolean;
}

/** The tabs of the panel: a tap, or the arrow keys on them. The page knows the shown one, because the table wants more room. */
export function startTabs(): Tabs {
  const listeners: [TabName, () => void][] = [];
  let shown: TabName = "layers";
  const open = (name: TabName): void => {
    shown = name;
    byId("viewer").dataset.tab = name;
    for (const one of NAMES) {
      const tab = byId(`tab-${one}`);
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
      byId(one).hidden = one !== name;
    }
    for (const [wanted, act] of listeners) if (wanted === name) act();
  };
  for (const [at, name] of NAMES.entries()) {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => {
      open(name);
    });
    tab.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const next = NAMES[(at + by + NAMES.length) % NAMES.length];
      if (by === 0 || next === undefined) return;
      event.preventDefault();
      open(next);
      byId(`tab-${next}`).focus();
    });
  }
  return {
    open,
    onShow: (name, act) => {
      listeners.push([name, act]);
    },
    isShown: (name) => shown === name,
  };
}
