// SPDX-License-Identifier: MIT
import { formatDegrees, formatZone, readPlace } from "../services/coordinates";
import type { LonLat } from "../services/model";
import { areaOf, bearingOf, formatArea, formatBearing, formatLength, KEPT_SKETCHES, LEAST, lengthOf, readSketches, type Sketch, type SketchKind, toGeoJson, zoneFor } from "../services/sketch";
import type { Session } from "../session";
import { copyText } from "./copy";
import { element, iconButton, saveFile, textButton } from "./dom";

const KINDS: readonly SketchKind[] = ["line", "polygon", "point"];

/** Measuring and drawing: shapes from clicks or typed coordinates, their figures in VN-2000, notes, copies and a file. The browser keeps them. */
export class SketchPanel {
  readonly #session: Session;
  readonly #target: HTMLElement;
  readonly #live = element("p", { class: "sketch-live", role: "status" });
  readonly #list = element("ol", { class: "sketches" });
  readonly #below = element("div", { class: "filter-actions" });
  readonly #steps = element("div", { class: "filter-actions" });
  readonly #kinds = element("div", { class: "segments", role: "group" });
  readonly #changed: (sketches: readonly Sketch[], active: Sketch | null) => void;
  #sketches: Sketch[];
  #active: Sketch = { kind: "line", points: [], note: "" };
  #opener: HTMLElement | null = null;

  constructor(target: HTMLElement, session: Session, changed: (sketches: readonly Sketch[], active: Sketch | null) => void) {
    this.#session = session;
    this.#target = target;
    this.#changed = changed;
    this.#sketches = readSketches(window.localStorage.getItem(KEPT_SKETCHES));
    const { texts } = session;
    target.setAttribute("aria-label", texts.sketchKind);
    const heading = element("h2", { tabindex: "-1" }, texts.sketchKind);
    const close = iconButton("close", texts.close, () => {
      this.close();
    });
    target.replaceChildren(
      element("div", { class: "sketch-head" }, heading, close),
      this.#kinds,
      element("p", { class: "note" }, texts.sketchHelp),
      this.#placeForm(),
      this.#live,
      this.#steps,
      this.#list,
      this.#below,
    );
    target.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close();
    });
  }

  /** Draws what the browser has kept, and what another window of it draws meanwhile. */
  start(): void {
    this.#changed(this.#sketches, null);
    window.addEventListener("storage", ({ key, newValue }) => {
      if (key !== KEPT_SKETCHES) return;
      this.#sketches = readSketches(newValue);
      if (this.isOn()) this.#refresh();
      else this.#changed(this.#sketches, null);
    });
  }

  isOn(): boolean {
    return !this.#target.hidden;
  }

  toggle(): void {
    if (this.isOn()) {
      this.close();
      return;
    }
    this.#opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#target.hidden = false;
    this.#session.isSketching = true;
    this.#refresh();
    this.#target.querySelector("h2")?.focus({ preventScroll: true });
  }

  close(): void {
    this.finish();
    this.#target.hidden = true;
    this.#session.isSketching = false;
    this.#opener?.focus({ preventScroll: true });
  }

  /** One more vertex. */
  add(point: LonLat): void {
    this.#active = { ...this.#active, points: [...this.#active.points, point] };
    if (this.#active.kind === "point") this.finish();
    else this.#refresh();
  }

  /** Ends the shape; one with too few vertices is dropped. */
  finish(): void {
    if (this.#active.points.length >= LEAST[this.#active.kind]) this.#sketches = [...this.#sketches, this.#active];
    this.#active = { kind: this.#active.kind, points: [], note: "" };
    this.#keep();
  }

  #keep(): void {
    try {
      window.localStorage.setItem(KEPT_SKETCHES, JSON.stringify(this.#sketches));
    } catch {
      // A browser that keeps nothing still draws.
    }
    this.#refresh();
  }

  #refresh(): void {
    const { texts } = this.#session;
    this.#changed(this.#sketches, this.#active);
    this.#kinds.setAttribute("aria-label", texts.sketchKind);
    if (this.#kinds.childElementCount === 0) this.#kinds.replaceChildren(...KINDS.map((kind) => this.#kindButton(kind)));
    for (const [at, button] of [...this.#kinds.children].entries()) button.setAttribute("aria-pressed", String(KINDS[at] === this.#active.kind));
    this.#live.textContent = this.#figures(this.#active).join(" · ");
    const { points, kind } = this.#active;
    const undo = textButton(texts.undo, () => {
      this.#active = { ...this.#active, points: points.slice(0, -1) };
      this.#refresh();
    });
    const done = textButton(texts.finish, () => {
      this.finish();
    }, "button primary");
    done.disabled = points.length < LEAST[kind];
    this.#steps.replaceChildren(...(points.length === 0 ? [] : [undo, done]));
    this.#list.replaceChildren(...this.#sketches.map((sketch, at) => this.#entry(sketch, at)));
    this.#below.replaceChildren(...(this.#sketches.length === 0 ? [] : this.#fileButtons()));
  }

  #kindButton(kind: SketchKind): HTMLElement {
    return textButton(this.#session.texts.kinds[kind], () => {
      this.finish();
      this.#active = { kind, points: [], note: "" };
      this.#refresh();
    }, "segment");
  }

  /** Length, area, bearing or place in words, and the zone they were computed in. */
  #figures({ kind, points }: Sketch): string[] {
    const { texts, config } = this.#session;
    const zone = zoneFor(points, config.zones, this.#session.zone);
    const [first] = points;
    if (zone === undefined || first === undefined) return [];
    if (kind === "point") return [formatDegrees(first, config.language), `${zone.title}: ${formatZone(first, zone, config.language)}`];
    if (points.length < 2) return [];
    const computed = texts.computedIn(zone.title);
    if (kind === "line") {
      const bearing = bearingOf(points, zone);
      return [`${texts.length}: ${formatLength(lengthOf(points, zone), config.language)}`, `${texts.bearing}: ${bearing === null ? "–" : formatBearing(bearing)}`, computed];
    }
    const around = `${texts.perimeter}: ${formatLength(lengthOf(points, zone, true), config.language)}`;
    return points.length < 3 ? [around, computed] : [`${texts.area}: ${formatArea(areaOf(points, zone), config.language)}`, around, computed];
  }

  #entry(sketch: Sketch, at: number): HTMLElement {
    const { texts, config } = this.#session;
    const note = element("input", { class: "text-field", "aria-label": texts.note(at + 1), placeholder: texts.noteHint, maxlength: "120" });
    note.value = sketch.note;
    note.addEventListener("change", () => {
      this.#sketches = this.#sketches.map((one, index) => (index === at ? { ...one, note: note.value } : one));
      this.#keep();
    });
    const drop = iconButton("trash", texts.dropSketch(at + 1), () => {
      this.#sketches = this.#sketches.filter((_, index) => index !== at);
      this.#keep();
    });
    const zone = zoneFor(sketch.points, config.zones, this.#session.zone);
    const copy = iconButton("link", `${texts.copyPlace} ${at + 1}`, () => {
      const lines = sketch.points.map((point) => [`${point[1].toFixed(6)}, ${point[0].toFixed(6)}`, ...(zone === undefined ? [] : [`${zone.title}: ${formatZone(point, zone, config.language)}`])].join("\t"));
      void copyText(this.#session, lines.join("\n"), texts.copiedPlace);
    });
    const head = element("div", { class: "sketch-entry" }, element("b", {}, `${at + 1}. ${texts.kinds[sketch.kind]}`), copy, drop);
    return element("li", {}, head, element("p", { class: "note" }, this.#figures(sketch).join(" · ")), note);
  }

  #fileButtons(): HTMLElement[] {
    const { texts } = this.#session;
    const save = textButton(texts.saveSketches, () => {
      saveFile("xanh.geojson", "application/geo+json", toGeoJson(this.#sketches));
    });
    const clear = textButton(texts.clearSketches, () => {
      this.#sketches = [];
      this.#keep();
    });
    return [save, clear];
  }

  #placeForm(): HTMLElement {
    const { texts, config } = this.#session;
    const box = element("input", { class: "text-field", "aria-label": texts.sketchPlace, placeholder: texts.sketchPlaceHint, maxlength: "80" });
    const form = element("form", { class: "ends" }, box, element("button", { class: "button" }, texts.add));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { zone } = this.#session;
      const place = zone === undefined ? null : readPlace(box.value, zone, config.limit);
      if (place === null) this.#session.notify(texts.sketchPlaceBad);
      else {
        this.add(place.point);
        box.value = "";
      }
    });
    return form;
  }
}
