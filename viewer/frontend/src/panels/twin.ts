// SPDX-License-Identifier: MIT
import type { Session } from "../session";
import { element, textButton } from "./dom";

/** One object of the view, in words. */
export interface Entry {
  layer: string;
  id: string;
  title: string;
  /** What it is. */
  kind: string;
}

export interface TwinActions {
  /** The objects of the view, the nearest to its middle first. */
  list: () => Promise<Entry[]>;
  open: (entry: Entry) => void;
  leave: () => void;
}

/** The map as a list, for those who cannot see it or point at it: shown while the focus is in it, and kept in step with the view. */
export class Twin {
  readonly #target: HTMLElement;
  readonly #session: Session;
  readonly #actions: TwinActions;
  readonly #said = element("p", { role: "status" });
  readonly #list = element("ul", { class: "hits" });
  #asked = 0;
  #told = "";

  constructor(target: HTMLElement, session: Session, actions: TwinActions) {
    this.#target = target;
    this.#session = session;
    this.#actions = actions;
    const { twin } = session.texts;
    const heading = element("h2", { tabindex: "-1", id: "twin-title" }, twin.title);
    target.replaceChildren(heading, this.#said, this.#list, textButton(twin.back, actions.leave));
    target.addEventListener("focusin", () => {
      if (target.classList.contains("shown")) return;
      target.classList.add("shown");
      void this.#fill();
    });
    target.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && target.contains(event.relatedTarget))) target.classList.remove("shown");
    });
    target.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      actions.leave();
    });
  }

  /** The view has changed. */
  follow(): void {
    if (this.#target.classList.contains("shown")) void this.#fill();
  }

  async #fill(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const entries = await this.#actions.list();
    if (asked !== this.#asked) return;
    const { twin } = this.#session.texts;
    this.#said.textContent = entries.length === 0 ? twin.none : twin.some(entries.length, this.#session.drawn().length);
    // A list that has not changed stays, so that none of its buttons vanishes under a finger.
    const told = JSON.stringify(entries);
    if (told === this.#told) return;
    this.#told = told;
    const held = document.activeElement instanceof HTMLElement && this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...entries.map((entry) => this.#line(entry)));
    if (held) this.#target.querySelector<HTMLElement>("h2")?.focus();
  }

  #line(entry: Entry): HTMLElement {
    const button = element("button", { type: "button", class: "hit" }, element("span", { class: "hit-title" }, entry.title), element("span", { class: "hit-subtitle" }, entry.kind));
    button.addEventListener("click", () => {
      this.#actions.open(entry);
    });
    return element("li", {}, button);
  }
}
