// SPDX-License-Identifier: MIT
import { formatClock, formatNumber } from "../services/format";
import type { Layer } from "../services/model";
import { RETRY } from "../services/health";
import type { Session } from "../session";
import { element, iconButton, textButton } from "./dom";
import { icon } from "./icons";
import { downloadForm } from "./download-form";
import { fillLegend } from "./legend";
import { paletteSwitch } from "./palette";

export interface RowActions {
  showLayer: (layer: Layer) => void;
}

/** One layer of the tree: switch, count or badge, options, fault and legend. */
export function layerRow(session: Session, layer: Layer, actions: RowActions): HTMLElement {
  const legend = element("div", { class: "legend" });
  const slot = element("span", { class: "slot" });
  const fault = element("div", { class: "fault", role: "status" });
  const options = optionsOf(session, layer, actions);
  const box = element("input", { type: "checkbox", id: `layer-${layer.id}`, class: "check" });
  const more = iconButton("sliders", session.texts.adjust(layer.title), () => {
    options.hidden = !options.hidden;
    more.setAttribute("aria-expanded", String(!options.hidden));
  });
  more.classList.add("more");
  more.setAttribute("aria-expanded", "false");
  const told = remark(session, layer);
  box.addEventListener("change", () => {
    session.toggle(layer, box.checked);
  });
  const head = element(
    "div",
    { class: "layer-head" },
    box,
    element("label", { for: `layer-${layer.id}`, class: "layer-title" }, layer.title),
    slot,
    told,
    more,
  );
  const below = element("div", { class: "below" });
  const row = element("li", { class: "layer", "data-layer": layer.id }, head, options, fault, legend, below);
  const update = (): void => {
    box.checked = session.isOn(layer);
    more.hidden = !box.checked;
    if (!box.checked) closeOptions(options, more);
    showFault(row, fault, session, layer);
    fillLegend(legend, slot, session, layer);
    below.replaceChildren(...[paletteSwitch(session, layer), filterNote(session, layer)].flatMap((one) => one ?? []));
  };
  follow(session, layer, update);
  update();
  return row;
}

function follow(session: Session, layer: Layer, update: () => void): void {
  for (const event of ["layers", "health"] as const) {
    session.on(event, (changed) => {
      if (changed.id === layer.id) update();
    });
  }
}

/** Says that not everything is shown, with the way back to everything. */
function filterNote(session: Session, layer: Layer): HTMLElement | null {
  if (!session.isOn(layer) || session.cqlOf(layer) === null) return null;
  const { texts } = session;
  const drop = textButton(
    texts.dropFilter,
    () => {
      session.setFilter(layer, null);
    },
    "link-button",
  );
  return element("p", { class: "filter-note" }, element("span", { class: "badge" }, texts.filtered), drop);
}

function closeOptions(options: HTMLElement, more: HTMLElement): void {
  options.hidden = true;
  more.setAttribute("aria-expanded", "false");
}

/** What stands beside the title: that the data are made up, or how many objects there are - in the map while the layer is on. */
function remark(session: Session, layer: Layer): HTMLElement {
  const { texts, config } = session;
  if (layer.illustrative) return element("span", { class: "badge", title: texts.illustrativeWhy }, texts.illustrative);
  const made = element("span", { class: "count" });
  if (layer.count === null) return made;
  const total = layer.count === 0 ? texts.empty : formatNumber(layer.count, config.language);
  const update = (): void => {
    const inView = session.isOn(layer) ? session.inView(layer) : null;
    made.textContent = inView === null ? total : texts.inView(formatNumber(inView, config.language));
    made.title = inView === null ? "" : texts.inAll(total);
  };
  update();
  for (const event of ["layers", "counts"] as const) {
    session.on(event, (changed) => {
      if (changed.id === layer.id) update();
    });
  }
  return made;
}

function optionsOf(session: Session, layer: Layer, actions: RowActions): HTMLElement {
  const { texts } = session;
  const range = element("input", { type: "range", min: "10", max: "100", step: "5", id: `opacity-${layer.id}`, class: "range" });
  range.value = String(Math.round(session.opacityOf(layer) * 100));
  range.addEventListener("input", () => {
    session.adjust(layer, { opacity: Number(range.value) / 100 });
  });
  const papers = [layer.source, layer.licence].filter(Boolean).join(" · ");
  return element(
    "div",
    { class: "options", hidden: true },
    element("label", { for: `opacity-${layer.id}`, class: "option" }, texts.opacity, range),
    styleChoice(session, layer),
    layer.abstract === "" ? null : element("p", { class: "note" }, layer.abstract),
    papers === "" ? null : element("p", { class: "note" }, `${texts.source}: ${papers}`),
    layer.extent === null
      ? null
      : textButton(
          texts.zoomToLayer,
          () => {
            actions.showLayer(layer);
          },
          "link-button",
        ),
    layer.count === null ? null : downloads(session, layer),
  );
}

function downloads(session: Session, layer: Layer): HTMLElement {
  const { texts } = session;
  const everything = { box: null, filter: null, time: null };
  const form = downloadForm(session, layer, `file-${layer.id}`, texts.downloadAll, () => everything);
  return element("details", { class: "all" }, element("summary", {}, texts.downloads), form);
}

function styleChoice(session: Session, layer: Layer): HTMLElement | null {
  if (layer.styles.length < 2) return null;
  const select = element(
    "select",
    { id: `style-${layer.id}`, class: "select" },
    ...layer.styles.map((style) => element("option", { value: style.id }, style.title)),
  );
  select.value = session.styleOf(layer);
  select.addEventListener("change", () => {
    session.adjust(layer, { style: select.value });
  });
  return element("label", { for: `style-${layer.id}`, class: "option" }, session.texts.style, select);
}

function showFault(row: HTMLElement, fault: HTMLElement, session: Session, layer: Layer): void {
  const { since, reason } = session.healthOf(layer);
  const broken = session.isOn(layer) && since !== null;
  row.classList.toggle("broken", broken);
  if (!broken) {
    fault.replaceChildren();
    return;
  }
  fault.replaceChildren(
    icon("alert"),
    element("span", {}, [session.texts.brokenSince(formatClock(since)), reason].filter(Boolean).join(": ")),
    textButton(
      session.texts.retry,
      () => {
        session.report(layer, RETRY);
      },
      "link-button",
    ),
  );
}
