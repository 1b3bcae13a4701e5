// SPDX-License-Identifier: MIT
import { type Bar, type Chart, conditionOf, type Figures, loadFigures } from "../services/figures";
import { formatNumber } from "../services/format";
import type { Extent, Layer } from "../services/model";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { element } from "./dom";
import { subjectChoice } from "./subject";
import type { Tabs } from "./tabs";

const SVG = "http://www.w3.org/2000/svg";

/** The figures of the filtered layer: count, sums and bars; a bar becomes a condition of the filter, a second tap takes it away. */
export class FiguresPanel {
  readonly #session: Session;
  readonly #tabs: Tabs;
  readonly #view: () => Extent;
  readonly #body = element("div", { class: "figures-body" });
  readonly #inView = element("input", { type: "checkbox", class: "check", id: "figures-in-view" });
  #asked = "";
  #running: AbortController | null = null;

  constructor(target: HTMLElement, session: Session, tabs: Tabs, view: () => Extent) {
    this.#session = session;
    this.#tabs = tabs;
    this.#view = view;
    const inView = element("div", { class: "code" }, this.#inView, element("label", { for: "figures-in-view" }, session.texts.figures.inView));
    target.replaceChildren(subjectChoice(session, "figures-subject"), inView, this.#body);
    this.#inView.addEventListener("change", () => {
      this.refresh();
    });
    for (const event of ["subject", "layers"] as const) {
      session.on(event, () => {
        this.refresh();
      });
    }
    tabs.onShow("figures", () => {
      this.refresh();
    });
  }

  /** Asks again when the map has moved and only what it shows is counted. */
  followMap(): void {
    if (this.#inView.checked) this.refresh();
  }

  /** Shows the figures of the present layer, filter and time; does nothing while the tab is not in front. */
  refresh(): void {
    const layer = this.#session.subject;
    if (layer === undefined || !this.#tabs.isShown("figures")) return;
    const hasPlace = layer.geometry !== "none";
    this.#inView.disabled = !hasPlace;
    const box = this.#inView.checked && hasPlace ? this.#view() : null;
    const question = { box, filter: this.#session.cqlOf(layer), time: this.#session.timeOf(layer) };
    const asked = JSON.stringify([layer.id, question]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#running?.abort();
    this.#running = new AbortController();
    void this.#load(layer, question, this.#running.signal);
  }

  async #load(layer: Layer, question: Parameters<typeof loadFigures>[2], signal: AbortSignal): Promise<void> {
    const { texts, config } = this.#session;
    this.#body.setAttribute("aria-busy", "true");
    try {
      this.#draw(layer, await loadFigures(config, layer, question, signal));
    } catch (error) {
      if (error instanceof RequestError) {
        this.#asked = "";
        this.#body.replaceChildren(element("p", { class: "empty", role: "alert" }, texts.figures.failed(error.code)));
      } else if (!(error instanceof DOMException)) throw error;
    }
    if (!signal.aborted) this.#body.removeAttribute("aria-busy");
  }

  #draw(layer: Layer, figures: Figures): void {
    const { texts, config } = this.#session;
    if (figures.count === 0) {
      this.#body.replaceChildren(element("p", { class: "empty" }, texts.figures.none));
      return;
    }
    const measures = figures.measures.map(({ label, value, detail }) =>
      element("div", { class: "fact" }, element("dt", {}, label), element("dd", {}, value, detail === "" ? null : element("span", { class: "measure-detail" }, detail))),
    );
    this.#body.replaceChildren(
      element("p", { class: "total", role: "status" }, element("b", {}, formatNumber(figures.count, config.language)), ` ${texts.figures.objects}`),
      ...(measures.length === 0 ? [] : [element("dl", { class: "facts" }, ...measures)]),
      element("p", { class: "note" }, texts.figures.hint),
      ...figures.charts.filter((chart) => chart.bars.length > 1 || this.#isChosen(layer, chart.bars[0], chart)).map((chart) => this.#chart(layer, chart)),
    );
  }

  #chart(layer: Layer, chart: Chart): HTMLElement {
    const { texts, config } = this.#session;
    const rows = chart.bars.map((bar) => element("li", {}, this.#bar(layer, chart, bar)));
    const others = chart.others === 0 ? null : element("p", { class: "note" }, texts.figures.others(formatNumber(chart.others, config.language)));
    return element("figure", { class: "chart" }, element("figcaption", {}, chart.title), element("ul", { class: "bars" }, ...rows), others);
  }

  /** Whether the filter already asks for this bar. */
  #isChosen(layer: Layer, bar: Bar | undefined, chart: Chart): boolean {
    const written = JSON.stringify(bar === undefined ? null : conditionOf(chart, bar));
    return (this.#session.filterOf(layer)?.conditions ?? []).some((one) => JSON.stringify(one) === written);
  }

  #bar(layer: Layer, chart: Chart, bar: Bar): HTMLElement {
    const words = [
      element("span", { class: "bar-name" }, bar.title),
      element("span", { class: "bar-count" }, bar.shown, element("span", { class: "bar-share" }, bar.percent)),
    ];
    const condition = conditionOf(chart, bar);
    if (condition === null) return element("div", { class: "bar-row" }, ...words, line(bar));
    const written = JSON.stringify(condition);
    const isChosen = this.#isChosen(layer, bar, chart);
    const button = element("button", { type: "button", class: "bar-row", "aria-pressed": String(isChosen) }, ...words, line(bar));
    button.addEventListener("click", () => {
      const filter = this.#session.filterOf(layer) ?? { any: false, conditions: [] };
      const rest = filter.conditions.filter((one) => JSON.stringify(one) !== written);
      const changed = isChosen ? rest : [...rest, condition];
      this.#session.setFilter(layer, changed.length === 0 ? null : { ...filter, conditions: changed });
    });
    return button;
  }
}

function line(bar: Bar): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "bar-drawn");
  made.setAttribute("width", "100%");
  made.setAttribute("height", "6");
  made.setAttribute("aria-hidden", "true");
  made.append(rect("100%", "bar-ground", null), rect(`${String(bar.width)}%`, bar.value === null ? "bar-unknown" : "bar-fill", bar.colour));
  return made;
}

function rect(width: string, kind: string, colour: string | null): SVGElement {
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("width", width);
  made.setAttribute("height", "6");
  made.setAttribute("rx", "3");
  made.setAttribute("class", colour === null ? kind : "bar-coded");
  if (colour !== null) made.setAttribute("fill", colour);
  return made;
}
