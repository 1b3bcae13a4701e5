// SPDX-License-Identifier: MIT
import { findLayer } from "../services/config";
import { formatValue } from "../services/format";
import type { Code, Field, Found, Layer, MapConfig } from "../services/model";
import { element, textButton } from "./dom";

/** Opens the object a link field points to. */
export type Follow = (layer: string, id: string) => void;

/** What to call an object: its title field, else the name of its layer. */
export function titleOf(config: MapConfig, found: Found, unnamed: string): string {
  const layer = findLayer(config, found.layer);
  const named = layer === undefined || layer.titleField === null ? null : found.properties[layer.titleField];
  return named === null || named === undefined || named === "" ? (layer?.title ?? unnamed) : String(named);
}

/** The filled ones of the named fields as rows of label and value; null when none is filled. */
export function factList(config: MapConfig, found: Found, names: readonly string[], follow: Follow): HTMLElement | null {
  const layer = findLayer(config, found.layer);
  if (layer === undefined) return null;
  const rows = names.flatMap((name) => row(config, name, layer.fields[name], found, follow));
  return rows.length === 0 ? null : element("dl", { class: "facts" }, ...rows);
}

/** All filled attributes, section by section. */
export function sectionList(config: MapConfig, layer: Layer, found: Found, follow: Follow): HTMLElement[] {
  return layer.sections.flatMap(({ title, fields }) => {
    const facts = factList(config, found, fields, follow);
    if (facts === null) return [];
    return [element("section", { class: "facts-section" }, title === "" ? null : element("h3", {}, title), facts)];
  });
}

function row(config: MapConfig, name: string, field: Field | undefined, found: Found, follow: Follow): HTMLElement[] {
  if (field === undefined) return [];
  const shown = valueOf(config, name, field, found, follow);
  if (shown === null) return [];
  // Long texts stand under their label: a right-aligned paragraph cannot be read.
  const kind = (shown.textContent ?? "").length > 40 ? "fact wide" : "fact";
  return [element("div", { class: kind }, element("dt", {}, field.label), element("dd", {}, shown))];
}

function valueOf(config: MapConfig, name: string, field: Field, found: Found, follow: Follow): Node | null {
  const value = found.properties[name];
  if (field.type === "link" && field.link !== null) return linkTo(field.link, value, found.properties[`${name}_title`], follow);
  const text = formatValue(value, field, config.language);
  if (text === null) return null;
  const colour = codeOf(field, value)?.colour ?? null;
  return colour === null ? document.createTextNode(text) : element("span", { class: "coded" }, chip(colour), text);
}

function linkTo(layer: string, id: unknown, title: unknown, follow: Follow): Node | null {
  if (typeof title !== "string" || title === "") return null;
  if (typeof id !== "string" && typeof id !== "number") return document.createTextNode(title);
  return textButton(
    title,
    () => {
      follow(layer, String(id));
    },
    "link-button",
  );
}

/** The entry of the field's code list for a value. */
export function codeOf(field: Field, value: unknown): Code | undefined {
  return field.codes?.[String(value)];
}

function chip(colour: string): HTMLElement {
  const made = element("span", { class: "chip" });
  made.style.backgroundColor = colour;
  return made;
}
