// SPDX-License-Identifier: MIT
import { countItems } from "../services/counts";
import type { Condition } from "../services/filter";
import { formatNumber } from "../services/format";
import type { Extent, Layer } from "../services/model";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { element } from "./dom";
import { filterForm } from "./filter-form";
import { subjectChoice } from "./subject";
import type { Tabs } from "./tabs";

/** The filter builder: conditions on the chosen layer, joined by and/or, at once on the map, in the table and in the counts. */
export function startFilter(target: HTMLElement, session: Session, tabs: Tabs, view: () => Extent): void {
  const body = element("div", { class: "filter-body" });
  const result = element("p", { class: "filter-result", role: "status" });
  target.replaceChildren(subjectChoice(session, "filter-subject"), result, body);
  let shown = "";
  let told = "";
  let running: AbortController | null = null;
  const tell = (layer: Layer): void => {
    running?.abort();
    running = new AbortController();
    void tellCount(session, layer, result, running.signal);
  };
  const draw = (): void => {
    const layer = session.subject;
    if (layer === undefined || !tabs.isShown("filter")) return;
    const state = JSON.stringify([layer.id, session.filterOf(layer) ?? null]);
    if (state !== told) tell(layer);
    told = state;
    // While the reader writes, the form stays; it is built again when conditions come or go.
    const shape = JSON.stringify([layer.id, shapeOf(session.filterOf(layer)?.conditions ?? [])]);
    if (shape === shown) return;
    shown = shape;
    body.replaceChildren(...filterForm(session, layer, view), expression(session, layer));
  };
  for (const event of ["subject", "layers"] as const) session.on(event, draw);
  tabs.onShow("filter", draw);
}

/** What of the conditions decides which forms there are; what is written into them does not. */
function shapeOf(conditions: readonly Condition[]): unknown[] {
  return conditions.map((one) => {
    if (one.kind === "group") return [one.kind, shapeOf(one.conditions)];
    if (one.kind === "link") return [one.kind, one.field, one.title];
    return [one.kind, "field" in one ? one.field : one.kind === "box" ? one.box : ""];
  });
}

/** The filter as other programs take it. */
function expression(session: Session, layer: Layer): HTMLElement {
  const code = element("code", { class: "cql" });
  const made = element("details", { class: "all" }, element("summary", {}, session.texts.expression), code);
  const update = (): void => {
    const cql = session.cqlOf(layer);
    made.hidden = cql === null;
    code.textContent = cql ?? "";
  };
  update();
  session.on("layers", update);
  return made;
}

async function tellCount(session: Session, layer: Layer, target: HTMLElement, signal: AbortSignal): Promise<void> {
  const { texts, config } = session;
  const filter = session.cqlOf(layer);
  if (filter === null) {
    target.textContent = texts.noFilter;
    return;
  }
  try {
    const count = await countItems(config, layer, { box: null, filter, time: session.timeOf(layer) }, signal);
    const [some, all] = [count ?? 0, layer.count ?? 0].map((one) => formatNumber(one, config.language));
    target.textContent = count === 0 ? texts.matchedNone : texts.matched(some ?? "", all ?? "");
  } catch (error) {
    if (error instanceof RequestError) target.textContent = texts.filterFailed(error.code);
    else if (!(error instanceof DOMException)) throw error;
  }
}
