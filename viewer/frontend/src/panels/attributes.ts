// SPDX-License-Identifier: MIT
import { findLayer } from "../services/config";
import { formatValue } from "../services/format";
import type { Field, Found, Layer, MapConfig } from "../services/model";
import { element } from "./dom";

/** What to call an object: its title field, else its code-like first value, else the given word. */
export function titleOf(config: MapConfig, found: Found, unnamed: string): string {
  const layer = findLayer(config, found.layer);
  const named = layer?.titleField === null || layer === undefined ? null : found.properties[layer.titleField];
  return named === null || named === undefined || named === "" ? (layer?.title ?? unnamed) : String(named);
}

/** The object's filled attributes, section by section, in words. */
export function attributeSections(config: MapConfig, layer: Layer, found: Found): HTMLElement[] {
  const filled = layer.sections.flatMap(({ title, fields }) => {
    const rows = fields.flatMap((name) => row(config, name, layer.fields[name], found));
    return rows.length === 0 ? [] : [{ title, rows }];
  });
  return filled.map(({ title, rows }) =>
    element(
      "section",
      { class: "facts" },
      filled.length > 1 ? element("h3", {}, title) : null,
      element("dl", {}, ...rows),
    ),
  );
}

function row(config: MapConfig, name: string, field: Field | undefined, found: Found): HTMLElement[] {
  if (field === undefined) return [];
  const text = formatValue(found.properties[name], field, config.language);
  if (text === null) return [];
  // Long texts stand under their label: a right-aligned paragraph cannot be read.
  const kind = text.length > 40 ? "fact wide" : "fact";
  return [element("div", { class: kind }, element("dt", {}, field.label), element("dd", {}, text))];
}
