// SPDX-License-Identifier: MIT
import { findLayer } from "../services/config";
import type { Group, Layer } from "../services/model";
import type { Session } from "../session";
import { element } from "./dom";
import { layerRow, type RowActions } from "./layer-row";

/** Fills the panel with every group and its layers; the counts of switched-on layers follow the session. */
export function showTree(target: HTMLElement, session: Session, actions: RowActions): void {
  const { config, texts } = session;
  if (session.tree.length === 0) {
    target.replaceChildren(element("p", { class: "empty" }, texts.noLayers));
    return;
  }
  const hint = element("p", { class: "empty", hidden: true }, texts.noneVisible);
  const showHint = (): void => {
    hint.hidden = session.drawn().length > 0;
  };
  showHint();
  session.on("layers", showHint);
  target.replaceChildren(hint, ...config.groups.map((group) => groupBlock(session, group, actions)));
}

function groupBlock(session: Session, group: Group, actions: RowActions): HTMLElement {
  const layers = group.layers.map((id) => findLayer(session.config, id)).filter((layer): layer is Layer => layer !== undefined);
  const count = element("span", { class: "group-count" });
  const heading = element("h3", { class: "group-title", id: `group-${group.id}` }, element("span", { class: "dot" }), group.title);
  heading.style.setProperty("--dot", group.colour);
  const update = (): void => {
    count.textContent = `${layers.filter((layer) => session.isOn(layer)).length}/${layers.length}`;
  };
  update();
  session.on("layers", update);
  return element(
    "section",
    { class: "group", "aria-labelledby": `group-${group.id}` },
    element("div", { class: "group-head" }, heading, count),
    element("ul", { class: "layers" }, ...layers.map((layer) => layerRow(session, layer, actions))),
  );
}
