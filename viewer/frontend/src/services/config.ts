// SPDX-License-Identifier: MIT
import type { Language, Layer, MapConfig } from "./model";
import { fetchJson } from "./request";

/** The map as the server describes it, in one language. */
export async function loadConfig(address: string, language: Language): Promise<MapConfig> {
  return (await fetchJson(`${address}?lang=${language}`)) as MapConfig;
}

/** The layer with this id, or undefined when the province does not have it. */
export function findLayer(config: MapConfig, id: string): Layer | undefined {
  return config.layers.find((layer) => layer.id === id);
}
