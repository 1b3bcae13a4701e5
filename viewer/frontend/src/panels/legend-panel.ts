// SPDX-License-Identifier: MIT
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { element, iconButton } from "./dom";
import { fillLegend } from "./legend";
import { paletteSwitch } from "./palette";
import type { Tabs } from "./tabs";

/** Every switched-on layer with all its classes, the topmost first: what is on the map, said in one list. */
export function startLegend(target: HTMLElement, session: Session, tabs: Tabs): void {
  let told = "";
  const draw = (): void => {
    const layers = session.drawn().reverse();
    const state = JSON.stringify(layers.map((layer) => [layer.id, session.styleOf(layer)]));
    const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.move : undefined;
    if (!tabs.isShown("legend") || state === told) return;
    told = state;
    const nothing = element("p", { class: "empty" }, session.texts.legendEmpty);
    target.replaceChildren(...(layers.length === 0 ? [nothing] : layers.map((layer) => block(session, layer))));
    // A layer that moves takes the focus with it.
    if (held !== undefined) target.querySelector<HTMLElement>(`[data-move="${CSS.escape(held)}"]`)?.focus();
  };
  session.on("order", draw);
  session.on("layers", draw);
  tabs.onShow("legend", draw);
}

function block(session: Session, layer: Layer): HTMLElement {
  const classes = element("div", { class: "legend" });
  const only = element("div");
  fillLegend(classes, only, session, layer);
  const badge = layer.illustrative ? element("span", { class: "badge", title: session.texts.illustrativeWhy }, session.texts.illustrative) : null;
  const papers = [layer.source, layer.licence].filter(Boolean).join(" · ");
  const made = element(
    "section",
    { class: "legend-block", "data-layer": layer.id },
    element("div", { class: "legend-head" }, element("h3", {}, layer.title, " ", badge), mover(session, layer, 1), mover(session, layer, -1)),
    classes,
    only,
    paletteSwitch(session, layer),
    element("p", { class: "note" }, `${session.texts.source}: ${papers}`),
  );
  letDrag(made, session, layer);
  return made;
}

/** A button that lays the layer one place higher (1) or lower (-1). */
function mover(session: Session, layer: Layer, by: 1 | -1): HTMLElement {
  const drawn = session.drawn();
  const at = drawn.findIndex(({ id }) => id === layer.id);
  const { raise, lower } = session.texts;
  const button = iconButton(by === 1 ? "up" : "down", by === 1 ? raise(layer.title) : lower(layer.title), () => {
    session.lay(layer, at + by);
  });
  button.dataset.move = `${layer.id} ${by}`;
  // At the end of its way a button stays, so that the focus is not lost.
  button.setAttribute("aria-disabled", String(by === 1 ? at === drawn.length - 1 : at === 0));
  return button;
}

const DRAGGED = "text/x-xanh-layer";

/** Blocks are dragged onto each other's places. */
function letDrag(block: HTMLElement, session: Session, layer: Layer): void {
  block.draggable = true;
  block.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData(DRAGGED, layer.id);
  });
  block.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes(DRAGGED) === true) event.preventDefault();
  });
  block.addEventListener("drop", (event) => {
    const moved = session.drawn().find(({ id }) => id === event.dataTransfer?.getData(DRAGGED));
    event.preventDefault();
    if (moved !== undefined && moved !== layer) session.lay(moved, session.drawn().findIndex(({ id }) => id === layer.id));
  });
}
