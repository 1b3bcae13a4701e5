// SPDX-License-Identifier: MIT
import { groupsIn, layersInside, layersOf } from "../services/config";
import type { Group } from "../services/model";
import type { Session } from "../session";
import { baseChoice } from "./base-choice";
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
  target.replaceChildren(hint, ...groupsIn(config, null).map((group) => groupBlock(session, group, actions)), baseChoice(session));
}

/** A group with its layers and, below them, the groups in it; its count is that of everything inside. */
function groupBlock(session: Session, group: Group, actions: RowActions): HTMLElement {
  const inner = groupsIn(session.config, group.id);
  const own = layersOf(session.config, group);
  const layers = layersInside(session.config, group);
  const count = element("span", { class: "group-count" });
  const heading = element(group.parent === null ? "h3" : "h4", { class: "group-title", id: `group-${group.id}` }, element("span", { class: "dot" }), group.title);
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
    ...(own.length > 0 ? [element("ul", { class: "layers" }, ...own.map((layer) => layerRow(session, layer, actions)))] : []),
    ...inner.map((one) => groupBlock(session, one, actions)),
  );
}
