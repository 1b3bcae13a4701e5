// SPDX-License-Identifier: MIT
import type { Layer } from "../services/model";
import { type LegendClass, loadLegend } from "../services/wms";
import type { Session } from "../session";
import { element } from "./dom";

const loaded = new Map<string, Promise<LegendClass[]>>();

/**
 * Shows the legend of a switched-on layer inside `target`, or beside its title in `slot` when it has one class; loads each legend once.
 * Classes of which nothing is drawn at the map's scale are hidden.
 */
export function fillLegend(target: HTMLElement, slot: HTMLElement, session: Session, layer: Layer): void {
  const style = session.styleOf(layer);
  target.hidden = !session.isOn(layer);
  slot.hidden = target.hidden;
  if (target.hidden || target.dataset.style === style) return;
  target.dataset.style = style;
  const key = `${layer.id} ${style}`;
  const pending = loaded.get(key) ?? loadLegend(session.config, { id: layer.id, style });
  loaded.set(key, pending);
  void pending.then((classes) => {
    if (target.dataset.style !== style) return;
    const entries = classes.map((one) => entry(session, one));
    target.replaceChildren(...(entries.length === 1 ? [] : entries));
    slot.replaceChildren(...(entries.length === 1 ? entries : []));
  });
}

function entry(session: Session, { label, picture, minScale, maxScale }: LegendClass): HTMLElement {
  const image = picture === null ? null : element("img", { src: picture, alt: "", class: label === "" ? "legend-whole" : "swatch" });
  image?.addEventListener("error", () => {
    image.remove();
  });
  const made = element("div", { class: "legend-entry" }, image, label === "" ? null : element("span", {}, label));
  const update = (): void => {
    made.hidden = session.scale < minScale || session.scale >= maxScale;
  };
  update();
  session.on("scale", update);
  return made;
}
