// SPDX-License-Identifier: MIT
import { readPlace } from "../services/coordinates";
import { type Condition, isTime } from "../services/filter";
import type { Field, Layer } from "../services/model";
import type { Session } from "../session";
import { element, iconButton } from "./dom";

const PAUSE_MS = 350;

/** Groups have a form of their own. */
export type FormCondition = Exclude<Condition, { kind: "group" }>;

export interface ConditionActions {
  change: (condition: Condition) => void;
  drop: () => void;
}

/** One condition as a small form: ends of a range, words, or codes to tick. */
export function conditionForm(session: Session, layer: Layer, condition: FormCondition, at: string, actions: ConditionActions): HTMLElement {
  const { texts } = session;
  const field = "field" in condition ? layer.fields[condition.field] : undefined;
  const title = titleOf(session, condition, field);
  const unit = field?.unit ?? null;
  return element(
    "fieldset",
    { class: "condition" },
    element("legend", { class: "hush" }, title),
    element("div", { class: "condition-head" }, element("span", { "aria-hidden": "true" }, unit === null ? title : `${title} (${unit})`), iconButton("close", texts.dropCondition(title), actions.drop)),
    ...(condition.kind === "near" ? nearControls(session, condition, actions.change) : []),
    ...(field === undefined ? [] : controls(session, field, condition, at, actions.change)),
  );
}

function titleOf(session: Session, condition: FormCondition, field: Field | undefined): string {
  if (condition.kind === "box") return session.texts.hereShort;
  if (condition.kind === "near") return session.texts.near.title;
  return field?.label ?? condition.field;
}

/** How far around which place; a place that cannot be read is said and left as it was. */
function nearControls(session: Session, condition: FormCondition & { kind: "near" }, change: (condition: Condition) => void): HTMLElement[] {
  const { texts, config, zone } = session;
  const far = element("input", { type: "number", class: "text-field", min: "0.01", max: "500", step: "any", "aria-label": texts.near.kilometres });
  far.value = String(condition.metres / 1000);
  const place = element("input", { class: "text-field", "aria-label": texts.near.place, maxlength: "80" });
  place.value = `${condition.point[1].toFixed(5)}, ${condition.point[0].toFixed(5)}`;
  let { point } = condition;
  const tell = (): void => {
    const typed = zone === undefined ? null : readPlace(place.value, zone, config.limit);
    place.setAttribute("aria-invalid", String(typed === null));
    if (typed !== null) point = typed.point;
    const metres = Math.round(Number(far.value) * 1000);
    if (metres > 0) change({ ...condition, point, metres });
  };
  whenWritten(far, tell);
  whenWritten(place, tell);
  return [element("div", { class: "ends" }, far, element("span", {}, "km")), place];
}

function controls(session: Session, field: Field, condition: FormCondition, at: string, change: (condition: Condition) => void): HTMLElement[] {
  const { texts } = session;
  if (condition.kind === "words") {
    const box = element("input", { type: "search", class: "text-field", "aria-label": texts.words(field.label), placeholder: texts.wordsHint, maxlength: "200" });
    box.value = condition.words;
    whenWritten(box, () => {
      change({ ...condition, words: box.value });
    });
    return [box];
  }
  if (condition.kind === "link") return [element("p", {}, condition.title === "" ? condition.id : condition.title)];
  if (condition.kind === "codes") return [codeList(session, field, condition, at, change)];
  if (condition.kind === "box" || condition.kind === "near") return [];
  const low = end(field, texts.from(field.label), texts.fromShort, condition.low);
  const high = end(field, texts.to(field.label), texts.toShort, condition.high);
  for (const box of [low, high]) {
    whenWritten(box, () => {
      change({ ...condition, low: low.value, high: high.value });
    });
  }
  return [element("div", { class: "ends" }, low, element("span", { "aria-hidden": "true" }, "–"), high)];
}

function end(field: Field, name: string, hint: string, value: string): HTMLInputElement {
  const kind = isTime(field) ? { type: "date" } : { type: "number", step: "any", placeholder: hint };
  const box = element("input", { ...kind, class: "text-field", "aria-label": name });
  box.value = value;
  return box;
}

function codeList(session: Session, field: Field, condition: Condition & { kind: "codes" }, at: string, change: (condition: Condition) => void): HTMLElement {
  const { texts } = session;
  const codes: [string, string][] =
    field.codes === null ? [["true", texts.yes], ["false", texts.no]] : Object.entries(field.codes).map(([code, { title }]) => [code, title]);
  const boxes = codes.map(([code, title], index) => {
    const box = element("input", { type: "checkbox", class: "check", id: `code-${at}-${index}`, value: code });
    box.checked = condition.codes.includes(code);
    return [box, element("label", { for: box.id }, title)] as const;
  });
  for (const [box] of boxes) {
    box.addEventListener("change", () => {
      change({ ...condition, codes: boxes.filter(([one]) => one.checked).map(([one]) => one.value) });
    });
  }
  return element("div", { class: "codes" }, ...boxes.map(([box, label]) => element("div", { class: "code" }, box, label)));
}

/** Acts a moment after the last letter, so that half a number is not asked for; at once when the reader goes on. */
function whenWritten(box: HTMLInputElement, act: () => void): void {
  let timer = 0;
  box.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, PAUSE_MS);
  });
  box.addEventListener("change", () => {
    window.clearTimeout(timer);
    act();
  });
}
