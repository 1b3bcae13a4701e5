// SPDX-License-Identifier: MIT
import { icon, type IconName } from "./icons";

type Child = Node | string | null;
type Attributes = Record<string, string | boolean>;

/** An element with attributes and children; text is always text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button that shows only an icon; `label` is its name. */
export function iconButton(name: IconName, label: string, act: () => void, kind = "icon-button"): HTMLButtonElement {
  const made = element("button", { type: "button", class: kind, "aria-label": label, title: label }, icon(name));
  made.addEventListener("click", act);
  return made;
}

/** A button with words. */
export function textButton(label: string, act: () => void, kind = "button"): HTMLButtonElement {
  const made = element("button", { type: "button", class: kind }, label);
  made.addEventListener("click", act);
  return made;
}

/** The element of the page's shell with this id. Throws when the page lacks it. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** True on a phone-sized screen, where panels become sheets. */
export function isPhone(): boolean {
  return window.matchMedia("(max-width: 719px)").matches;
}

/** Hands the reader a file made in the browser. */
export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
