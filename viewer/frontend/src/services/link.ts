// SPDX-License-Identifier: MIT
import { type Compare, readCompare, writeCompare } from "./compare";
import type { Filter } from "./filter";
import { readFilter, writeFilter } from "./filter-link";
import { splitId } from "./items";
import type { Language } from "./model";
import { KINDS, type Offer } from "./outside";

export interface Position {
  lon: number;
  lat: number;
  zoom: number;
}

export interface LayerChoice {
  id: string;
  /** 0 to 1 */
  opacity: number;
  /** Empty for the layer's first style. */
  style: string;
}

export const BASE_LOOKS = ["light", "dark", "photo"] as const;
export type BaseLook = (typeof BASE_LOOKS)[number];

const MOST_OFFERS = 20;
const TIME = /^(19|20|21)\d\d(-\d\d(-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?)?)?$/;

/** Everything a link restores. Absent parts mean "as the province set it up". */
export interface LinkState {
  language: Language;
  position: Position | null;
  layers: LayerChoice[] | null;
  object: { layer: string; id: string } | null;
  /** Filters by layer. */
  filters: Record<string, Filter>;
  /** A year or month (YYYY, YYYY-MM) or moment layers with time are shown at; null for all of it. */
  time: string | null;
  /** The look of the base map. */
  base: BaseLook;
  /** Layers from the bottom up; empty for the usual order. */
  order: string[];
  /** Foreign layers. */
  offers: Offer[];
  /** Names of classes left out, by layer. */
  hidden: Record<string, string[]>;
  /** What the two sides of the divider differ in; null without a divider. */
  compare: Compare | null;
}

/** Reads a page's query string; what cannot be read is left out rather than refused. */
export function readLink(search: string): LinkState {
  const query = new URLSearchParams(search);
  const layers = query.get("layers");
  const [layer, id] = splitId(query.get("object") ?? "");
  return {
    language: query.get("lang") === "en" ? "en" : "vi",
    position: readPosition(query.get("at")),
    layers: layers === null ? null : layers.split(",").filter(Boolean).map(readChoice),
    object: layer === "" || id === "" ? null : { layer, id },
    filters: readFilters(query.getAll("filter")),
    time: readTime(query.get("time")),
    base: BASE_LOOKS.find((look) => look === query.get("base")) ?? "light",
    order: (query.get("order") ?? "").split(",").filter(Boolean),
    offers: query.getAll("outside").flatMap((text) => readOffer(text) ?? []).slice(0, MOST_OFFERS),
    hidden: readHidden(query.getAll("hide")),
    compare: readCompare(query.get("compare")),
  };
}

/** Writes the query string that readLink reads, with readable separators. */
export function writeLink(state: LinkState): string {
  const parts = state.language === "en" ? ["lang=en"] : [];
  if (state.position !== null) {
    const { lat, lon, zoom } = state.position;
    parts.push(`at=${lat.toFixed(5)},${lon.toFixed(5)},${trim(zoom.toFixed(2))}z`);
  }
  if (state.layers !== null) parts.push(`layers=${state.layers.map(writeChoice).join(",")}`);
  if (state.object !== null) parts.push(`object=${encodeURIComponent(`${state.object.layer}.${state.object.id}`)}`);
  for (const [layer, filter] of Object.entries(state.filters)) {
    parts.push(`filter=${encodeURIComponent(`${layer}:${writeFilter(filter)}`)}`);
  }
  if (state.order.length > 0) parts.push(`order=${state.order.map(encodeURIComponent).join(",")}`);
  for (const offer of state.offers) parts.push(`outside=${encodeURIComponent(JSON.stringify([offer.kind, offer.address, offer.name, offer.title]))}`);
  return joined([...parts, ...Object.entries(state.hidden).flatMap(writeHidden), ...writeLook(state)]);
}

function writeHidden([layer, names]: [string, string[]]): string[] {
  return names.length === 0 ? [] : [`hide=${[layer, ...names.map(guard)].map(encodeURIComponent).join(":")}`];
}

/** A name without the sign that parts names. */
function guard(name: string): string {
  return name.replaceAll("~", "~t").replaceAll(":", "~c");
}

function unguard(name: string): string {
  return name.replaceAll("~c", ":").replaceAll("~t", "~");
}

function writeLook({ time, base, compare }: LinkState): string[] {
  return [
    ...(time === null ? [] : [`time=${encodeURIComponent(time)}`]),
    ...(base === "light" ? [] : [`base=${base}`]),
    ...(compare === null ? [] : [`compare=${encodeURIComponent(writeCompare(compare))}`]),
  ];
}

function joined(parts: readonly string[]): string {
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

function readFilters(texts: readonly string[]): Record<string, Filter> {
  const pairs = texts.flatMap((text): [string, Filter][] => {
    const at = text.indexOf(":");
    const filter = at < 1 ? null : readFilter(text.slice(at + 1));
    return filter === null ? [] : [[text.slice(0, at), filter]];
  });
  return Object.fromEntries(pairs);
}

function readOffer(text: string): Offer | null {
  try {
    const read: unknown = JSON.parse(text);
    if (!Array.isArray(read) || !read.every((one) => typeof one === "string")) return null;
    const [kind, address = "", name = "", title = ""] = read;
    const known = KINDS.find((one) => one === kind);
    return known === undefined || address === "" || name === "" ? null : { kind: known, address, name, title: title.slice(0, 200) };
  } catch {
    return null; // not written by us
  }
}

function readHidden(texts: readonly string[]): Record<string, string[]> {
  const pairs = texts.map((text): [string, string[]] => {
    const [layer = "", ...names] = text.split(":");
    return [layer, names.filter(Boolean).map(unguard)];
  });
  return Object.fromEntries(pairs.filter(([layer, names]) => layer !== "" && names.length > 0));
}

function readTime(text: string | null): string | null {
  return text !== null && TIME.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}

function readPosition(text: string | null): Position | null {
  const [lat, lon, zoom] = (text ?? "").replace(/z$/, "").split(",").map(Number);
  if (lat === undefined || lon === undefined || zoom === undefined) return null;
  const sound = Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 24;
  return sound ? { lat, lon, zoom } : null;
}

function readChoice(text: string): LayerChoice {
  const [id = "", opacity = "100", style = ""] = text.split(":");
  const percent = Number(opacity === "" ? "100" : opacity);
  return { id, opacity: percent >= 0 && percent <= 100 ? percent / 100 : 1, style };
}

function writeChoice({ id, opacity, style }: LayerChoice): string {
  const percent = Math.round(opacity * 100);
  const shown = percent === 100 ? "" : String(percent);
  return [encodeURIComponent(id), shown, encodeURIComponent(style)].join(":").replace(/:+$/, "");
}

function trim(number: string): string {
  return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}
