// SPDX-License-Identifier: MIT
import { blankCondition, type Condition, DEEPEST, type Filter, groupAt, isAskable, withGroup } from "../services/filter";
import type { Extent, Layer } from "../services/model";
import type { Session } from "../session";
import { conditionForm } from "./condition";
import { element, iconButton, textButton } from "./dom";

const NEAR_METRES = 5000;

/** The conditions of a filter as forms, groups in groups; `path` names the group (indices from the outside in). */
export function filterForm(session: Session, layer: Layer, view: () => Extent, path: readonly number[] = []): HTMLElement[] {
  const { texts } = session;
  const group = present(session, layer, path);
  const forms = group.conditions.map((condition, at) => {
    const drop = (): void => {
      put(session, layer, path, (one) => ({ ...one, conditions: one.conditions.filter((_, index) => index !== at) }));
    };
    if (condition.kind === "group") return groupForm(session, layer, view, [...path, at], drop);
    return conditionForm(session, layer, condition, [...path, at].join("-"), {
      change: (changed) => {
        put(session, layer, path, (one) => ({ ...one, conditions: one.conditions.map((other, index) => (index === at ? changed : other)) }));
      },
      drop,
    });
  });
  const add = (condition: Condition): void => {
    put(session, layer, path, (one) => ({ ...one, conditions: [...one.conditions, condition] }));
  };
  return [
    ...(group.conditions.length > 1 ? [joinChoice(session, layer, path, group)] : []),
    ...forms,
    fieldChoice(session, layer, path, add),
    element(
      "div",
      { class: "filter-actions" },
      ...(layer.geometry === "none" ? [] : placeButtons(session, group, view, add)),
      path.length + 1 >= DEEPEST
        ? null
        : textButton(texts.near.addGroup, () => {
            add({ kind: "group", any: !group.any, conditions: [] });
          }),
      path.length > 0 || group.conditions.length === 0
        ? null
        : textButton(texts.dropFilter, () => {
            session.setFilter(layer, null);
          }),
    ),
  ];
}

function placeButtons(session: Session, group: Filter, view: () => Extent, add: (condition: Condition) => void): HTMLElement[] {
  const { texts } = session;
  const near = textButton(texts.near.add, () => {
    const [west, south, east, north] = view();
    add({ kind: "near", point: [(west + east) / 2, (south + north) / 2], metres: NEAR_METRES });
  });
  if (group.conditions.some(({ kind }) => kind === "box")) return [near];
  const here = textButton(texts.here, () => {
    add({ kind: "box", box: view() });
  });
  return [here, near];
}

function groupForm(session: Session, layer: Layer, view: () => Extent, path: readonly number[], drop: () => void): HTMLElement {
  const title = session.texts.near.group;
  return element(
    "fieldset",
    { class: "condition group-form" },
    element("legend", { class: "hush" }, title),
    element("div", { class: "condition-head" }, element("span", { "aria-hidden": "true" }, title), iconButton("close", session.texts.dropCondition(title), drop)),
    ...filterForm(session, layer, view, path),
  );
}

function present(session: Session, layer: Layer, path: readonly number[]): Filter {
  const filter = session.filterOf(layer) ?? { any: false, conditions: [] };
  return groupAt(filter, path) ?? { any: false, conditions: [] };
}

/** Changes the group at the path as it is now, not as it was when its form was drawn. */
function put(session: Session, layer: Layer, path: readonly number[], change: (group: Filter) => Filter): void {
  const filter = session.filterOf(layer) ?? { any: false, conditions: [] };
  const changed = withGroup(filter, path, change(present(session, layer, path)));
  session.setFilter(layer, changed.conditions.length === 0 ? null : changed);
}

function joinChoice(session: Session, layer: Layer, path: readonly number[], group: Filter): HTMLElement {
  const { texts } = session;
  const select = element(
    "select",
    { class: "select", "aria-label": texts.join },
    element("option", { value: "all" }, texts.joinAll),
    element("option", { value: "any" }, texts.joinAny),
  );
  select.value = group.any ? "any" : "all";
  select.addEventListener("change", () => {
    put(session, layer, path, (one) => ({ ...one, any: select.value === "any" }));
  });
  return select;
}

function fieldChoice(session: Session, layer: Layer, path: readonly number[], add: (condition: Condition) => void): HTMLElement {
  const { texts } = session;
  const fields = Object.entries(layer.fields).filter(([, field]) => isAskable(field));
  const id = ["filter-field", ...path].join("-");
  const select = element(
    "select",
    { class: "select", id },
    element("option", { value: "" }, texts.pickField),
    ...fields.map(([name, field]) => element("option", { value: name }, field.label)),
  );
  select.addEventListener("change", () => {
    const field = layer.fields[select.value];
    const blank = field === undefined ? null : blankCondition(select.value, field);
    if (blank !== null) add(blank);
  });
  const label = path.length === 0 ? texts.addCondition : texts.near.addInGroup;
  return element("label", { class: "subject", for: id }, element("span", {}, label), select);
}
