// SPDX-License-Identifier: MIT
import { askItems, type Question } from "./counts";
import { readFeature } from "./items";
import type { Found, Layer, MapConfig } from "./model";
import { fetchJson } from "./request";

export const PAGE_ROWS = 50;
const MOST_COLUMNS = 8;

export interface Sorting {
  field: string;
  down: boolean;
}

export interface Page {
  rows: Found[];
  /** All rows there are; null when the service does not say. */
  matched: number | null;
  next: string | null;
}

interface Answer {
  features: Parameters<typeof readFeature>[0][];
  numberMatched?: number;
  links?: { rel: string; href: string }[];
}

/** The columns of a layer's table: its name, then the telling fields; links show the title of what they lead to. */
export function columnsOf(layer: Layer): string[] {
  const names = [layer.titleField, ...layer.popup, ...Object.keys(layer.fields)].flatMap((name) => {
    const field = name === null ? undefined : layer.fields[name];
    if (name === null || field === undefined) return [];
    return field.type === "link" ? (`${name}_title` in layer.fields ? [`${name}_title`] : []) : [name];
  });
  return [...new Set(names)].slice(0, MOST_COLUMNS);
}

/** Address of the first page of the table. */
export function tableAddress(config: MapConfig, layer: Layer, question: Question, sorting: Sorting | null): string {
  const query = askItems(layer, question);
  query.set("f", "json");
  query.set("limit", String(PAGE_ROWS));
  query.set("skipGeometry", "true");
  query.set("properties", columnsOf(layer).join(","));
  if (sorting !== null) query.set("sortby", `${sorting.down ? "-" : ""}${sorting.field}`);
  return `${config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`;
}

/** One page of rows. Throws RequestError. */
export async function loadPage(layer: Layer, address: string, signal: AbortSignal): Promise<Page> {
  const answer = (await fetchJson(address, signal)) as Answer;
  const next = answer.links?.find(({ rel }) => rel === "next")?.href;
  return {
    rows: answer.features.map((feature) => readFeature(feature, layer.id)),
    matched: answer.numberMatched ?? null,
    // The link names the host as the server knows it; behind a proxy only path and query are sure.
    next: next === undefined ? null : pathOf(next),
  };
}

/** The named objects with their geometry. Throws RequestError. */
export async function loadRows(config: MapConfig, layer: Layer, ids: readonly string[], signal?: AbortSignal): Promise<Found[]> {
  const query = new URLSearchParams({ f: "json", limit: String(ids.length), filter: idFilter(ids) });
  const answer = (await fetchJson(`${config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`, signal)) as Answer;
  return answer.features.map((feature) => readFeature(feature, layer.id));
}

/** CQL2 for the objects with these ids; anything that is no number is left out. */
export function idFilter(ids: readonly string[]): string {
  return `id IN (${ids.filter((id) => /^\d+$/.test(id)).join(", ")})`;
}

function pathOf(address: string): string {
  const url = new URL(address, "http://localhost");
  return url.pathname + url.search;
}
