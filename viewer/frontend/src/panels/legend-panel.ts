// SPDX-License-Identifier: MIT
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { element } from "./dom";
import { fillLegend } from "./legend";
import { paletteSwitch } from "./palette";
import type { Tabs } from "./tabs";

/** Every switched-on layer with all its classes, the topmost first: what is on the map, said in one list. */
export function startLegend(target: HTMLElement, session: Session, tabs: Tabs): void {
  let told = "";
  const draw = (): void => {
    const layers = session.drawn().reverse();
    const state = JSON.stringify(layers.map((layer) => [layer.id, session.styleOf(layer)]));
    if (!tabs.isShown("legend") || state === told) return;
    told = state;
    const nothing = element("p", { class: "empty" }, session.texts.legendEmpty);
    target.replaceChildren(...(layers.length === 0 ? [nothing] : layers.map((layer) => block(session, layer))));
  };
  session.on("layers", draw);
  tabs.onShow("legend", draw);
}

function block(session: Session, layer: Layer): HTMLElement {
  const classes = element("div", { class: "legend" });
  const only = element("div");
  fillLegend(classes, only, session, layer);
  const badge = layer.illustrative ? element("span", { class: "badge", title: session.texts.illustrativeWhy }, session.texts.illustrative) : null;
  const papers = [layer.source, layer.licence].filter(Boolean).join(" · ");
  return element(
    "section",
    { class: "legend-block" },
    element("h3", {}, layer.title, " ", badge),
    classes,
    only,
    paletteSwitch(session, layer),
    element("p", { class: "note" }, `${session.texts.source}: ${papers}`),
  );
}
