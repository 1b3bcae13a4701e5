// SPDX-License-Identifier: MIT
import { countItems } from "../services/counts";
import { blankCondition, type Condition, type Filter, isAskable } from "../services/filter";
import { formatNumber } from "../services/format";
import type { Extent, Layer } from "../services/model";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { conditionForm } from "./condition";
import { element, textButton } from "./dom";
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
    const shape = JSON.stringify([layer.id, session.filterOf(layer)?.conditions.map((one) => [one.kind, "field" in one ? one.field : one.box, one.kind === "link" ? one.title : ""])]);
    if (shape === shown) return;
    shown = shape;
    body.replaceChildren(...form(session, layer, view));
  };
  for (const event of ["subject", "layers"] as const) session.on(event, draw);
  tabs.onShow("filter", draw);
}

function form(session: Session, layer: Layer, view: () => Extent): (Node | string)[] {
  const { texts } = session;
  const filter = session.filterOf(layer) ?? { any: false, conditions: [] };
  const put = (conditions: Condition[], any = current(session, layer).any): void => {
    session.setFilter(layer, conditions.length === 0 ? null : { any, conditions });
  };
  const forms = filter.conditions.map((condition, at) =>
    conditionForm(session, layer, condition, at, {
      change: (changed) => {
        put(current(session, layer).conditions.map((one, index) => (index === at ? changed : one)));
      },
      drop: () => {
        put(current(session, layer).conditions.filter((_, index) => index !== at));
      },
    }),
  );
  const hasBox = filter.conditions.some(({ kind }) => kind === "box");
  return [
    ...(filter.conditions.length > 1 ? [joinChoice(session, layer, filter)] : []),
    ...forms,
    fieldChoice(session, layer, (name) => {
      const field = layer.fields[name];
      const blank = field === undefined ? null : blankCondition(name, field);
      if (blank !== null) put([...current(session, layer).conditions, blank]);
    }),
    element(
      "div",
      { class: "filter-actions" },
      layer.geometry === "none" || hasBox
        ? null
        : textButton(texts.here, () => {
            put([...current(session, layer).conditions, { kind: "box", box: view() }]);
          }),
      filter.conditions.length === 0
        ? null
        : textButton(texts.dropFilter, () => {
            session.setFilter(layer, null);
          }),
    ),
    expression(session, layer),
  ];
}

function current(session: Session, layer: Layer): Filter {
  return session.filterOf(layer) ?? { any: false, conditions: [] };
}

function joinChoice(session: Session, layer: Layer, filter: Filter): HTMLElement {
  const { texts } = session;
  const select = element(
    "select",
    { class: "select", "aria-label": texts.join },
    element("option", { value: "all" }, texts.joinAll),
    element("option", { value: "any" }, texts.joinAny),
  );
  select.value = filter.any ? "any" : "all";
  select.addEventListener("change", () => {
    session.setFilter(layer, { ...current(session, layer), any: select.value === "any" });
  });
  return select;
}

function fieldChoice(session: Session, layer: Layer, add: (name: string) => void): HTMLElement {
  const { texts } = session;
  const fields = Object.entries(layer.fields).filter(([, field]) => isAskable(field));
  const select = element(
    "select",
    { class: "select", id: "filter-field" },
    element("option", { value: "" }, texts.pickField),
    ...fields.map(([name, field]) => element("option", { value: name }, field.label)),
  );
  select.addEventListener("change", () => {
    if (select.value !== "") add(select.value);
  });
  return element("label", { class: "subject", for: "filter-field" }, element("span", {}, texts.addCondition), select);
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
