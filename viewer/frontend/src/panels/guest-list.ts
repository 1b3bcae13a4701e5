// SPDX-License-Identifier: MIT
import type { Guest } from "../map/guests";
import type { Extent } from "../services/model";
import type { Texts } from "../texts";
import { element, iconButton, textButton } from "./dom";

/** The layers the reader brought along, at the head of the tree; they are of this visit alone. */
export class GuestList {
  readonly #texts: Texts["guests"];
  readonly #list = element("ul", { class: "layers" });
  readonly #section: HTMLElement;
  readonly #showExtent: (extent: Extent) => void;
  #made = 0;

  constructor(tree: HTMLElement, texts: Texts, showExtent: (extent: Extent) => void) {
    this.#texts = texts.guests;
    this.#showExtent = showExtent;
    const heading = element("h3", { class: "group-title", id: "guests-title" }, element("span", { class: "dot" }), this.#texts.mine);
    this.#section = element(
      "section",
      { class: "group", "aria-labelledby": "guests-title", hidden: true },
      element("div", { class: "group-head" }, heading),
      this.#list,
    );
    tree.prepend(this.#section);
  }

  /** Lists a guest, and moves the map to it if wished; `gone` is told when the reader removes it. */
  add(guest: Guest, gone: () => void = () => undefined, moves = true): void {
    this.#made += 1;
    const id = `guest-${String(this.#made)}`;
    const box = element("input", { type: "checkbox", class: "check", id });
    box.checked = true;
    box.addEventListener("change", () => {
      guest.show(box.checked);
    });
    const { extent } = guest;
    const show = (): void => {
      if (extent !== null) this.#showExtent(extent);
    };
    const remove = iconButton("trash", this.#texts.remove(guest.title), () => {
      guest.remove();
      row.remove();
      gone();
      this.#section.hidden = this.#list.childElementCount === 0;
    });
    const label = element("label", { for: id, class: "layer-title" }, guest.title);
    const zoom = extent === null ? null : textButton(this.#texts.show, show, "link-button");
    const row = element("li", { class: "layer guest" }, element("div", { class: "layer-head" }, box, label, zoom, remove));
    this.#list.append(row);
    this.#section.hidden = false;
    if (moves) show();
  }
}
