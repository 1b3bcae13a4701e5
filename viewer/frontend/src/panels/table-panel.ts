// SPDX-License-Identifier: MIT
import type { Question } from "../services/counts";
import type { Extent, Found, Layer } from "../services/model";
import { RequestError } from "../services/request";
import { idFilter, loadPage, loadRows, type Page, type Sorting, tableAddress } from "../services/table";
import type { Chosen, Session } from "../session";
import { element } from "./dom";
import { downloadForm } from "./download-form";
import { pageBar, selectionBar } from "./table-bars";
import { rowsTable } from "./table-rows";
import { subjectChoice } from "./subject";
import type { Tabs } from "./tabs";

const PAUSE_MS = 400;

export interface TableActions {
  view: () => Extent;
  open: (chosen: Chosen) => void;
  showMany: (found: readonly Found[]) => void;
}

/** The attribute table of the chosen layer: what filter, time and (if wished) the map's box let through, sorted, in pages. */
export class TablePanel {
  readonly #session: Session;
  readonly #tabs: Tabs;
  readonly #actions: TableActions;
  readonly #inMap: HTMLInputElement;
  readonly #body = element("div", { class: "table-body", role: "region", tabindex: "0" });
  readonly #bars = element("div", { class: "table-bars" });
  readonly #files = element("details", { class: "all" });
  #sorting: Sorting | null = null;
  #selected = new Set<string>();
  /** Addresses of the pages up to the shown one. */
  #trail: string[] = [];
  #running: AbortController | null = null;
  #shown = "";
  #timer = 0;

  constructor(target: HTMLElement, session: Session, tabs: Tabs, actions: TableActions) {
    this.#session = session;
    this.#tabs = tabs;
    this.#actions = actions;
    this.#inMap = element("input", { type: "checkbox", class: "check", id: "table-in-map" });
    this.#inMap.addEventListener("change", () => {
      this.refresh();
    });
    target.replaceChildren(
      subjectChoice(session, "table-subject"),
      element("div", { class: "code in-map" }, this.#inMap, element("label", { for: "table-in-map" }, session.texts.inMap)),
      this.#body,
      this.#bars,
      this.#files,
    );
    tabs.onShow("table", () => {
      this.refresh();
    });
    for (const event of ["subject", "layers"] as const) {
      session.on(event, () => {
        this.refresh();
      });
    }
    session.on("chosen", () => {
      this.#markChosen();
    });
  }

  /** The map has moved: the rows follow when they are bound to it. */
  followMap(): void {
    if (!this.#inMap.checked) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.refresh();
    }, PAUSE_MS);
  }

  /** Shows the first page anew when what is asked has changed. */
  refresh(): void {
    const layer = this.#session.subject;
    if (layer === undefined || !this.#tabs.isShown("table")) return;
    const address = tableAddress(this.#session.config, layer, this.#question(layer), this.#sorting);
    if (address === this.#shown) return;
    if (!this.#shown.includes(`/${layer.id}/`)) this.#startLayer(layer);
    else this.#go(layer, [address]);
  }

  #startLayer(layer: Layer): void {
    const { texts } = this.#session;
    this.#sorting = null;
    this.#selected = new Set();
    this.#body.setAttribute("aria-label", texts.tableOf(layer.title));
    const ask = (): Question => this.#exportQuestion(layer);
    const form = downloadForm(this.#session, layer, "table-file", texts.downloadThese, ask);
    this.#files.replaceChildren(element("summary", {}, texts.downloads), form);
    this.#go(layer, [tableAddress(this.#session.config, layer, this.#question(layer), null)]);
  }

  #question(layer: Layer): Question {
    const box = this.#inMap.checked && layer.geometry !== "none" ? this.#actions.view() : null;
    return { box, filter: this.#session.cqlOf(layer), time: this.#session.timeOf(layer) };
  }

  #exportQuestion(layer: Layer): Question {
    return this.#selected.size === 0 ? this.#question(layer) : { box: null, filter: idFilter([...this.#selected]), time: null };
  }

  #go(layer: Layer, trail: string[]): void {
    this.#trail = trail;
    this.#shown = trail[0] ?? "";
    this.#running?.abort();
    this.#running = new AbortController();
    void this.#load(layer, trail.at(-1) ?? "", this.#running.signal);
  }

  async #load(layer: Layer, address: string, signal: AbortSignal): Promise<void> {
    const { texts } = this.#session;
    this.#body.setAttribute("aria-busy", "true");
    try {
      this.#draw(layer, await loadPage(layer, address, signal));
    } catch (error) {
      if (error instanceof RequestError) this.#body.replaceChildren(element("p", { class: "empty", role: "alert" }, texts.tableFailed(error.code)));
      else if (!(error instanceof DOMException)) throw error;
    }
    if (!signal.aborted) this.#body.removeAttribute("aria-busy");
  }

  #draw(layer: Layer, page: Page): void {
    const { texts } = this.#session;
    if (page.rows.length === 0) {
      const why = this.#session.cqlOf(layer) === null ? texts.noRows : texts.noRowsFilter;
      this.#body.replaceChildren(element("p", { class: "empty" }, why));
      this.#bars.replaceChildren();
      return;
    }
    const table = rowsTable(this.#session, layer, page.rows, {
      sorting: this.#sorting,
      selected: this.#selected,
      sort: (field) => {
        this.#sorting = { field, down: this.#sorting?.field === field && !this.#sorting.down };
        this.refresh();
      },
      open: (found) => {
        this.#actions.open({ layer: layer.id, id: found.id });
      },
      select: () => {
        this.#drawBars(layer, page);
      },
    });
    this.#body.replaceChildren(table);
    this.#body.scrollTop = 0;
    this.#drawBars(layer, page);
    this.#markChosen();
  }

  #drawBars(layer: Layer, page: Page): void {
    const turn = (trail: string[]): void => {
      this.#go(layer, trail);
    };
    const selection = selectionBar(this.#session, this.#selected.size, {
      zoom: layer.geometry === "none" ? null : () => void this.#zoom(layer),
      drop: () => {
        this.#selected.clear();
        this.#draw(layer, page);
      },
    });
    this.#bars.replaceChildren(pageBar(this.#session, page, this.#trail, turn), ...(selection === null ? [] : [selection]));
  }

  async #zoom(layer: Layer): Promise<void> {
    try {
      this.#actions.showMany(await loadRows(this.#session.config, layer, [...this.#selected]));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#session.notify(this.#session.texts.tableFailed(error.code));
    }
  }

  #markChosen(): void {
    const { chosen, subject } = this.#session;
    for (const row of this.#body.querySelectorAll<HTMLElement>("tr[data-id]")) {
      row.classList.toggle("chosen", chosen !== null && chosen.layer === subject?.id && row.dataset.id === chosen.id);
    }
  }
}
