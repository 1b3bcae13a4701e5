// SPDX-License-Identifier: MIT
import { findLayer } from "../services/config";
import { formatValue } from "../services/format";
import type { Code, Field, Found, Layer, MapConfig } from "../services/model";
import { element, textButton } from "./dom";

// Letters of label and value together that still fit one line of the card.
const WIDE = 40;

// The field by which single objects of a real layer are marked; the card says it with a badge.
const ILLUSTRATIVE = "illustrative";

/** Opens the object a link field points to. */
export type Follow = (layer: string, id: string) => void;

/** What to call an object: its title field, else the first field of its card (a raster cell's value), else the name of its layer. */
export function titleOf(config: MapConfig, found: Found, unnamed: string): string {
  const layer = findLayer(config, found.layer);
  if (layer === undefined) return unnamed;
  const name = layer.titleField ?? layer.popup[0] ?? "";
  const field = layer.fields[name];
  return (field === undefined ? null : formatValue(found.properties[name], field, config.language)) ?? layer.title;
}

/** Whether the object is made up to show its layer: the whole layer is, or this object says so of itself. */
export function isIllustrative(layer: Layer, found: Found): boolean {
  return layer.illustrative || found.properties[ILLUSTRATIVE] === true;
}

/** The filled ones of the named fields as rows of label and value; null when none is filled. */
export function factList(config: MapConfig, found: Found, names: readonly string[], follow: Follow): HTMLElement | null {
  const layer = findLayer(config, found.layer);
  if (layer === undefined) return null;
  const told = names.filter((name) => name !== ILLUSTRATIVE);
  const rows = told.flatMap((name) => row(config, name, layer.fields[name], found, follow));
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
  const kind = field.label.length + (shown.textContent ?? "").length > WIDE ? "fact wide" : "fact";
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
