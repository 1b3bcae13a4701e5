// SPDX-License-Identifier: MIT
import { formatStep, stepsOf, type TimeUnit, unitOf } from "../services/time";
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { element, iconButton, textButton } from "./dom";
import { icon } from "./icons";

const PLAY_MS = 1600;

/** The time slider: years, months or pictures of the switched-on layers with time; runs by itself on request. */
export class TimeBar {
  readonly #target: HTMLElement;
  readonly #session: Session;
  readonly #range: HTMLInputElement;
  readonly #label = element("output", { class: "time-label" });
  readonly #ends = element("span", { class: "time-ends" });
  readonly #unit = element("select", { class: "select" });
  readonly #play: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  #steps: string[] = [];
  #timer = 0;

  constructor(target: HTMLElement, session: Session) {
    const { texts } = session;
    this.#target = target;
    this.#session = session;
    this.#range = element("input", { type: "range", class: "range", min: "0", step: "1", "aria-label": texts.timeSlider });
    this.#unit.setAttribute("aria-label", texts.timeUnit);
    this.#play = iconButton("play", texts.play, () => {
      this.#run(this.#timer === 0);
    });
    this.#range.addEventListener("input", () => {
      this.#run(false);
      this.#choose();
    });
    this.#unit.addEventListener("change", () => {
      this.#fill(this.#unit.value as TimeUnit);
      this.#choose();
    });
    this.#all = textButton(texts.timeAll, () => {
      this.#run(false);
      session.setTime(null);
    }, "link-button");
    const close = iconButton("close", texts.close, () => {
      this.toggle();
    });
    target.setAttribute("aria-label", texts.tools.time);
    target.replaceChildren(this.#play, this.#label, this.#range, this.#ends, this.#unit, this.#all, close);
    session.on("time", () => {
      this.#tell();
    });
    session.on("layers", () => {
      if (!target.hidden && this.#layers().length === 0) this.toggle();
    });
    if (session.time !== null && this.#layers().length > 0) this.toggle();
  }

  /** Whether a switched-on layer has time. */
  isUseful(): boolean {
    return this.#layers().length > 0;
  }

  toggle(): void {
    this.#target.hidden = !this.#target.hidden;
    this.#run(false);
    if (this.#target.hidden) {
      this.#session.setTime(null);
      return;
    }
    const units: TimeUnit[] = this.#layers().some(({ moments }) => moments.length > 0) ? ["year", "month", "moment"] : ["year", "month"];
    this.#unit.replaceChildren(...units.map((unit) => element("option", { value: unit }, this.#session.texts.units[unit])));
    this.#unit.value = unitOf(this.#session.time);
    this.#fill(unitOf(this.#session.time));
    this.#tell();
  }

  #layers(): Layer[] {
    return this.#session.drawn().filter(({ time }) => time !== null);
  }

  #fill(unit: TimeUnit): void {
    this.#steps = stepsOf(this.#layers(), unit);
    this.#range.max = String(Math.max(0, this.#steps.length - 1));
    const { time, config } = this.#session;
    const at = time === null ? -1 : this.#steps.findIndex((step) => step.startsWith(time) || time.startsWith(step));
    this.#range.value = String(at < 0 ? this.#steps.length - 1 : at);
    this.#ends.textContent = [this.#steps[0], this.#steps.at(-1)].map((step) => (step === undefined ? "" : formatStep(step, config.language))).join(" – ");
  }

  #choose(): void {
    this.#session.setTime(this.#steps[Number(this.#range.value)] ?? null);
  }

  #tell(): void {
    const { time, texts, config } = this.#session;
    const words = time === null ? texts.timeAll : formatStep(time, config.language);
    this.#label.textContent = words;
    this.#all.hidden = time === null;
    this.#range.setAttribute("aria-valuetext", words);
    const at = time === null ? -1 : this.#steps.indexOf(time);
    if (at >= 0) this.#range.value = String(at);
  }

  #run(on: boolean): void {
    window.clearInterval(this.#timer);
    const { texts } = this.#session;
    this.#timer = !on
      ? 0
      : window.setInterval(() => {
          this.#range.value = String((Number(this.#range.value) + 1) % Math.max(1, this.#steps.length));
          this.#choose();
        }, PLAY_MS);
    this.#play.replaceChildren(icon(on ? "pause" : "play"));
    this.#play.setAttribute("aria-label", on ? texts.pause : texts.play);
    this.#play.title = on ? texts.pause : texts.play;
    if (on && this.#session.time === null) this.#choose();
  }
}
