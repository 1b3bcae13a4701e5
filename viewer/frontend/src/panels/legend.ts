// SPDX-License-Identifier: MIT
import type { Layer } from "../services/model";
import { type LegendClass, legendOf } from "../services/wms";
import type { Session } from "../session";
import { element } from "./dom";

/**
 * Shows the legend of a switched-on layer inside `target`, or beside its title in `slot` when it has one class. Classes of which nothing
 * is drawn at the map's scale, or lies in the view, are hidden; the others can be switched off and on where the server says how.
 */
export function fillLegend(target: HTMLElement, slot: HTMLElement, session: Session, layer: Layer): void {
  const style = session.styleOf(layer);
  target.hidden = !session.isOn(layer);
  slot.hidden = target.hidden;
  if (target.hidden || target.dataset.style === style) return;
  target.dataset.style = style;
  void legendOf(session.config, { id: layer.id, style }).then((classes) => {
    if (target.dataset.style !== style) return;
    const [only] = classes;
    if (only !== undefined && classes.length === 1) {
      target.replaceChildren();
      slot.replaceChildren(element("div", { class: "legend-entry" }, ...swatch(only)));
      return;
    }
    slot.replaceChildren();
    target.replaceChildren(...entries(session, layer, classes));
  });
}

/** One line per class, and a sentence for when none of them lies in the view. */
function entries(session: Session, layer: Layer, classes: readonly LegendClass[]): HTMLElement[] {
  const lines = classes.map((one) => entry(session, layer, one));
  const nothing = element("p", { class: "note", hidden: true }, session.texts.noneInView);
  const update = (): void => {
    const present = session.presentOf(layer);
    const off = new Set(session.offOf(layer).map(({ name }) => name));
    for (const [at, { name, minScale, maxScale }] of classes.entries()) {
      const line = lines[at];
      if (line === undefined) continue;
      const isHere = present === null || present.has(name) || off.has(name);
      line.hidden = session.scale < minScale || session.scale >= maxScale || !isHere;
      line.querySelector("[role=switch]")?.setAttribute("aria-checked", String(!off.has(name)));
    }
    nothing.hidden = lines.some((line) => !line.hidden);
  };
  update();
  session.on("scale", update);
  for (const event of ["present", "layers"] as const) {
    session.on(event, (changed) => {
      if (changed.id === layer.id) update();
    });
  }
  return [...lines, nothing];
}

function entry(session: Session, layer: Layer, one: LegendClass): HTMLElement {
  if (one.without === null) return element("div", { class: "legend-entry" }, ...swatch(one));
  const button = element("button", { type: "button", class: "legend-switch", role: "switch", title: session.texts.switchClass }, ...swatch(one));
  button.addEventListener("click", () => {
    const off = session.offOf(layer);
    const others = off.filter(({ name }) => name !== one.name);
    session.setOff(layer, others.length < off.length ? others : [...off, one]);
  });
  return element("div", { class: "legend-entry" }, button);
}

function swatch({ label, picture }: LegendClass): Node[] {
  const image = picture === null ? null : element("img", { src: picture, alt: "", class: label === "" ? "legend-whole" : "swatch" });
  image?.addEventListener("error", () => {
    image.remove();
  });
  return [image, label === "" ? null : element("span", {}, label)].filter((one) => one !== null);
}
