// SPDX-License-Identifier: MIT
import type { Session } from "../session";
import { openDialog } from "./dialog";
import { element, textButton } from "./dom";

const SEEN = "xanh-hints-seen";

/** The few hints of the first visit: one at a time, left out at one tap, never twice by themselves. */
export class Hints {
  readonly #session: Session;
  readonly #target: HTMLElement;
  #at = 0;

  constructor(target: HTMLElement, session: Session) {
    this.#session = session;
    this.#target = target;
    target.setAttribute("aria-label", session.texts.help.hints);
  }

  /** Begins by itself on the very first visit to the map as such: a link somebody sent shows what they meant. */
  greet(): void {
    if (window.location.search === "" && window.localStorage.getItem(SEEN) === null) this.start();
  }

  start(): void {
    this.#at = 0;
    this.#target.hidden = false;
    this.#draw();
  }

  #draw(): void {
    const { steps, next, skip, done } = this.#session.texts.help;
    const step = steps[this.#at];
    if (step === undefined) {
      this.#end();
      return;
    }
    const isLast = this.#at === steps.length - 1;
    const go = textButton(isLast ? done : next, () => {
      this.#at += 1;
      this.#draw();
    }, "button primary");
    this.#target.replaceChildren(
      element("p", { role: "status" }, element("b", {}, `${String(this.#at + 1)}/${String(steps.length)} `), step),
      element("div", { class: "filter-actions" }, go, isLast ? null : textButton(skip, () => { this.#end(); })),
    );
    if (this.#at > 0) go.focus({ preventScroll: true });
  }

  #end(): void {
    this.#target.hidden = true;
    window.localStorage.setItem(SEEN, "1");
  }
}

/** Where help is found: a page per tool, and the hints once more. */
export function openHelp(session: Session, again: () => void): void {
  const { texts, config } = session;
  const language = config.language === "en" ? "?lang=en" : "";
  const links = texts.help.pages.map(([name, title]) => element("li", {}, element("a", { href: `/tro-giup/${name}${language}` }, title)));
  const dialog = openDialog(
    texts,
    texts.help.title,
    element("p", { class: "note" }, texts.help.keys),
    element("ul", { class: "help-pages" }, ...links),
    textButton(texts.help.again, () => {
      dialog.close();
      again();
    }),
  );
}
