// SPDX-License-Identifier: MIT
import type { Found, GeoJsonGeometry, Language, Layer, MapConfig, Value } from "./model";
import { fetchJson } from "./request";

interface GeoJsonFeature {
  id?: string | number;
  layer?: string;
  properties?: Record<string, unknown> | null;
  geometry?: GeoJsonGeometry | null;
}

/** Address of one object at the OGC API Features service. */
export function itemAddress(config: MapConfig, layer: string, id: string): string {
  return `${config.services.items}/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`;
}

/** Address of the object's own page; null where the layer has none. */
export function pageAddress(layer: Layer, id: string, language: Language): string | null {
  return layer.page === null ? null : `/${layer.page}/${encodeURIComponent(id)}${language === "en" ? "?lang=en" : ""}`;
}

/** One object with its geometry (longitude, latitude). Throws RequestError. */
export async function loadItem(config: MapConfig, layer: string, id: string, signal?: AbortSignal): Promise<Found> {
  const feature = (await fetchJson(`${itemAddress(config, layer, id)}?f=json`, signal)) as GeoJsonFeature;
  return { layer, id, properties: readProperties(feature), geometry: feature.geometry ?? null };
}

/** A feature of the items service as an object of the layer. */
export function readFeature(feature: GeoJsonFeature, layer: string): Found {
  return { layer, id: String(feature.id ?? ""), properties: readProperties(feature), geometry: feature.geometry ?? null };
}

/** The objects of a GeoJSON collection whose ids are written `layer.id`; a raster cell bears the layer's name alone. */
export function readCollection(answer: unknown): Found[] {
  const features = (answer as { features?: GeoJsonFeature[] }).features ?? [];
  return features.flatMap((feature) => {
    const [prefix, id] = splitId(String(feature.id ?? ""));
    const layer = feature.layer ?? prefix;
    return layer === "" ? [] : [{ layer, id, properties: readProperties(feature), geometry: feature.geometry ?? null }];
  });
}

/** Layer and id of `layer.id`; the layer is empty when there is no dot. */
export function splitId(text: string): [string, string] {
  const dot = text.lastIndexOf(".");
  return dot < 1 ? ["", text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function readProperties(feature: GeoJsonFeature): Record<string, Value> {
  const entries = Object.entries(feature.properties ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
