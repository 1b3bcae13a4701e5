// SPDX-License-Identifier: MIT
import { type Compare, writeCompare } from "../services/compare";
import { findLayer } from "../services/config";
import { formatStep, stepsOf } from "../services/time";
import type { Session } from "../session";
import { element, iconButton } from "./dom";

/** The divider over the map and the choice of what it divides: a layer, or the year of the layers with time. */
export class CompareBar {
  readonly #session: Session;
  readonly #target: HTMLElement;
  readonly #divider: HTMLElement;
  readonly #move: (share: number) => void;
  readonly #choice = element("select", { class: "select", id: "compare-with" });
  readonly #range = element("input", { type: "range", min: "0", max: "100", step: "1", class: "divider-range" });
  readonly #line = element("div", { class: "divider-line", "aria-hidden": "true" });

  constructor(target: HTMLElement, divider: HTMLElement, session: Session, move: (share: number) => void) {
    const { texts } = session;
    this.#session = session;
    this.#target = target;
    this.#divider = divider;
    this.#move = move;
    this.#range.setAttribute("aria-label", texts.compare.divider);
    target.setAttribute("aria-label", texts.compare.title);
    this.#choice.setAttribute("aria-label", texts.compare.title);
    const close = iconButton("close", texts.close, () => {
      this.toggle();
    });
    target.replaceChildren(element("label", { for: "compare-with" }, texts.compare.title), this.#choice, close);
    divider.replaceChildren(this.#line, this.#range);
    this.#range.addEventListener("input", () => {
      this.#place(Number(this.#range.value));
    });
    this.#choice.addEventListener("change", () => {
      session.setCompare(this.#options().find((one) => writeCompare(one) === this.#choice.value) ?? null);
    });
    session.on("layers", () => {
      if (!target.hidden) this.#fill();
    });
    if (session.compare !== null) this.#open();
  }

  /** Whether there is anything to compare. */
  isUseful(): boolean {
    return this.#options().length > 0;
  }

  toggle(): void {
    if (this.#target.hidden) this.#open();
    else {
      this.#target.hidden = true;
      this.#divider.hidden = true;
      this.#session.setCompare(null);
    }
  }

  #open(): void {
    this.#target.hidden = false;
    this.#divider.hidden = false;
    this.#fill();
    this.#place(50);
  }

  #place(percent: number): void {
    this.#range.value = String(percent);
    this.#line.style.left = `${String(percent)}%`;
    this.#move(percent / 100);
  }

  /** What can be compared now; a comparison that is no longer possible gives way to the first that is. */
  #fill(): void {
    const { compare } = this.#session;
    const options = this.#options();
    this.#choice.replaceChildren(...options.map((one) => element("option", { value: writeCompare(one) }, this.#name(one))));
    const written = compare === null ? "" : writeCompare(compare);
    const chosen = options.find((one) => writeCompare(one) === written) ?? options[0] ?? null;
    if (chosen !== null) this.#choice.value = writeCompare(chosen);
    if (chosen === null || writeCompare(chosen) !== written) this.#session.setCompare(chosen);
  }

  #options(): Compare[] {
    const drawn = this.#session.drawn();
    const timed = drawn.filter(({ time }) => time !== null);
    const unit = timed.some(({ moments }) => moments.length > 0) ? "moment" : "year";
    const times = timed.length === 0 ? [] : stepsOf(timed, unit).slice(-40).reverse();
    const layers = [...drawn].reverse().map((layer): Compare => ({ kind: "layer", layer: layer.id }));
    return [...times.map((time): Compare => ({ kind: "time", time })), ...layers];
  }

  #name(one: Compare): string {
    const { texts, config } = this.#session;
    if (one.kind === "time") return texts.compare.time(formatStep(one.time, config.language));
    return texts.compare.layer(findLayer(config, one.layer)?.title ?? one.layer);
  }
}
