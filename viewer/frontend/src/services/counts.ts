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

/** How many objects of the layer lie in the box (degrees) today; null when the service does not say. Throws RequestError. */
export async function countInBox(config: MapConfig, layer: Layer, box: Extent, signal: AbortSignal): Promise<number | null> {
  const query = new URLSearchParams({ f: "json", bbox: box.map((side) => side.toFixed(5)).join(","), limit: "1", skipGeometry: "true" });
  if (layer.validity) query.set("datetime", today());
  const address = `${config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`;
  const { numberMatched } = (await fetchJson(address, signal)) as { numberMatched?: number };
  return numberMatched ?? null;
}
