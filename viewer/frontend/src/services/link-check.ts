// SPDX-License-Identifier: MIT
import { findLayer } from "./config";
import { toCql } from "./filter";
import type { LinkState } from "./link";
import type { MapConfig } from "./model";

export interface Missing {
  /** Names of layers the map does not have, as the link writes them. */
  layers: string[];
  /** Titles of layers whose filter cannot be kept whole, and names where there is no such layer. */
  filters: string[];
  /** Whether the place, the time or the comparison cannot be read. */
  place: boolean;
  time: boolean;
}

const LONGEST = 40;

/** What a link asks for that is not there any more, or cannot be read; everything else of it is kept. */
export function missingOf(config: MapConfig, link: LinkState, search: string): Missing {
  const query = new URLSearchParams(search);
  const layers = (link.layers ?? []).filter(({ id }) => findLayer(config, id)?.inTree !== true).map(({ id }) => shorten(id));
  const asked = query.getAll("filter").map((text) => text.split(":")[0] ?? "");
  const filters = asked.filter((id) => !isKept(config, link, id)).map((id) => shorten(findLayer(config, id)?.title ?? id));
  return { layers, filters, place: query.has("at") && link.position === null, time: query.has("time") && link.time === null };
}

function isKept(config: MapConfig, link: LinkState, id: string): boolean {
  const layer = findLayer(config, id);
  const conditions = link.filters[id]?.conditions ?? [];
  if (layer === undefined || conditions.length === 0) return false;
  return conditions.every((one) => !("field" in one) || (one.field in layer.fields && toCql({ any: false, conditions: [one] }, layer) !== null));
}

function shorten(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
