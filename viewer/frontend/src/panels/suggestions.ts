// SPDX-License-Identifier: MIT
import { element } from "./dom";
import { icon } from "./icons";

export interface Option {
  title: string;
  subtitle: string;
  act: () => void;
}

/** The list under a combobox: shown, walked with the arrow keys, chosen with Enter or a tap. */
export class Suggestions {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  #options: Option[] = [];
  #active = -1;

  constructor(input: HTMLInputElement, list: HTMLElement) {
    this.#input = input;
    this.#list = list;
  }

  /** Shows the options, or the sentence when there are none. */
  show(options: Option[], sentence: string): void {
    this.#options = options;
    const entries = options.map((option, index) => this.#entry(option, index));
    const nothing = element("p", { class: "empty" }, sentence);
    // A list box holds options and nothing else: the sentence is told as a message instead.
    this.#list.setAttribute("role", entries.length === 0 ? "status" : "listbox");
    this.#list.replaceChildren(...(entries.length === 0 ? [nothing] : entries));
    this.#setOpen(true);
    this.#mark(-1);
  }

  /** Shows the last options again. */
  reopen(): void {
    if (this.#options.length > 0) this.#setOpen(true);
  }

  close(): void {
    this.#setOpen(false);
    this.#mark(-1);
  }

  clear(): void {
    this.forget();
    this.close();
  }

  /** The options no longer fit the words; they stay on screen until others come, but cannot be chosen. */
  forget(): void {
    this.#options = [];
    this.#mark(-1);
  }

  /** Answers a key; true when the key has done its work here. */
  press(key: string): boolean {
    if (key === "Escape" && !this.#list.hidden) this.close();
    else if (key === "ArrowDown") this.#step(1);
    else if (key === "ArrowUp") this.#step(-1);
    else if (key === "Enter" && this.#options.length > 0) this.#choose(this.#options[Math.max(this.#active, 0)]);
    else return false;
    return true;
  }

  #step(by: 1 | -1): void {
    const count = this.#options.length;
    if (count === 0) return;
    this.#setOpen(true);
    this.#mark(this.#active < 0 && by < 0 ? count - 1 : (this.#active + by + count) % count);
  }

  #choose(option: Option | undefined): void {
    if (option === undefined) return;
    this.#input.value = option.title;
    this.close();
    option.act();
  }

  #mark(index: number): void {
    this.#active = index;
    for (const [at, entry] of [...this.#list.querySelectorAll('[role="option"]')].entries()) {
      entry.setAttribute("aria-selected", String(at === index));
      if (at === index) entry.scrollIntoView({ block: "nearest" });
    }
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `search-option-${index}`);
  }

  #setOpen(open: boolean): void {
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
  }

  #entry(option: Option, index: number): HTMLElement {
    const entry = element(
      "div",
      { role: "option", class: "suggestion", id: `search-option-${index}`, "aria-selected": "false" },
      icon("pin"),
      element("span", { class: "hit-title" }, option.title),
      element("span", { class: "hit-subtitle" }, option.subtitle),
    );
    // Before the box loses its focus, which would close the list under the finger.
    entry.addEventListener("pointerdown", (event) => {
      event.preventDefault();
    });
    entry.addEventListener("click", () => {
      this.#choose(option);
    });
    return entry;
  }
}
