// SPDX-License-Identifier: MIT
import { formatNumber, formatValue } from "../services/format";
import type { Found, Language, Layer } from "../services/model";
import { codeOf } from "./attributes";
import { element } from "./dom";

/** The two fields behind a card's one big figure: an index and its class. */
export interface FigureFields {
  value: string;
  kind: string;
}

/** The layer's index, if it has one: a number `x` beside a class `x_class` whose code list fixes colours. */
export function figureFields(layer: Layer): FigureFields | null {
  for (const value of layer.popup) {
    const kind = `${value}_class`;
    if (layer.fields[value]?.type === "number" && layer.fields[kind]?.codes !== null && layer.popup.includes(kind)) return { value, kind };
  }
  return null;
}

/** The big figure: the number on its legal colour, index and class in words beside it, the day below. Null without a number. */
export function figure(layer: Layer, fields: FigureFields, found: Found, language: Language): HTMLElement | null {
  const number = found.properties[fields.value];
  const field = layer.fields[fields.value];
  const kind = layer.fields[fields.kind];
  if (typeof number !== "number" || field === undefined || kind === undefined) return null;
  const box = element("div", { class: "figure-box" }, formatNumber(number, language, 1));
  const colour = codeOf(kind, found.properties[fields.kind])?.colour ?? null;
  if (colour !== null) {
    box.style.backgroundColor = colour;
    box.style.color = isDark(colour) ? "white" : "black";
  }
  const word = formatValue(found.properties[fields.kind], kind, language);
  const sentence = word === null ? field.label : `${field.label}: ${word}`;
  return element("div", { class: "figure" }, box, element("div", {}, element("p", { class: "figure-word" }, sentence), day(layer, found, language)));
}

function day(layer: Layer, found: Found, language: Language): HTMLElement | null {
  const name = layer.popup.find((one) => layer.fields[one]?.type === "date" || layer.fields[one]?.type === "datetime");
  const field = name === undefined ? undefined : layer.fields[name];
  if (name === undefined || field === undefined) return null;
  const text = formatValue(found.properties[name], field, language);
  return text === null ? null : element("p", { class: "figure-day" }, `${field.label} ${text}`);
}

function isDark(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 110;
}
