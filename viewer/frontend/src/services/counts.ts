// SPDX-License-Identifier: MIT
import type { Extent, Layer, MapConfig } from "./model";
import { fetchJson } from "./request";
import { today } from "./validity";

// Beyond this the database would have to look at too many objects for a number in passing.
const MOST_COUNTED = 50_000;

/** Whether a layer's objects can be counted in passing. */
export function isCountable(layer: Layer): boolean {
  return layer.count !== null && layer.count > 0 && layer.count <= MOST_COUNTED && layer.extent !== null;
}

/** What is asked of a layer's objects: in the box (degrees), under the filter (CQL2), at the time; null for all. */
export interface Question {
  box: Extent | null;
  filter: string | null;
  time: string | null;
}

/** The question as parameters of the items service. Without a time, objects that come and go are those of today. */
export function askItems(layer: Layer, { box, filter, time }: Question): URLSearchParams {
  const query = new URLSearchParams();
  if (box !== null) query.set("bbox", box.map((side) => side.toFixed(5)).join(","));
  if (filter !== null) query.set("filter", filter);
  if (time !== null) query.set("datetime", spanOf(time));
  else if (layer.validity) query.set("datetime", today());
  return query;
}

/** How many objects of the layer the question finds; null when the service does not say. Throws RequestError. */
export async function countItems(config: MapConfig, layer: Layer, question: Question, signal: AbortSignal): Promise<number | null> {
  const query = askItems(layer, question);
  for (const [name, value] of [["f", "json"], ["limit", "1"], ["skipGeometry", "true"]] as const) query.set(name, value);
  const address = `${config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`;
  const { numberMatched } = (await fetchJson(address, signal)) as { numberMatched?: number };
  return numberMatched ?? null;
}

/** A year, month, day or moment as an interval the items service takes. */
export function spanOf(time: string): string {
  const [year = "", month] = time.split("-");
  if (time.length === 4) return `${year}-01-01/${year}-12-31`;
  if (time.length !== 7 || month === undefined) return time;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return `${time}-01/${time}-${last}`;
}
