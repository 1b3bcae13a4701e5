// SPDX-License-Identifier: MIT
import type { Group, Language, Layer, MapConfig } from "./model";
import { fetchJson } from "./request";

/** The map as the server describes it, in one language. */
export async function loadConfig(address: string, language: Language): Promise<MapConfig> {
  return (await fetchJson(`${address}?lang=${language}`)) as MapConfig;
}

/** The layer with this id, or undefined when the province does not have it. */
export function findLayer(config: MapConfig, id: string): Layer | undefined {
  return config.layers.find((layer) => layer.id === id);
}

/** The groups that lie in the group `parent`, or outermost where it is null, in their order. */
export function groupsIn(config: MapConfig, parent: string | null): Group[] {
  return config.groups.filter((group) => group.parent === parent);
}

/** The layers of a group itself. */
export function layersOf(config: MapConfig, group: Group): Layer[] {
  return group.layers.map((id) => findLayer(config, id)).filter((layer): layer is Layer => layer !== undefined);
}

/** The layers of a group and of all groups in it. */
export function layersInside(config: MapConfig, group: Group): Layer[] {
  return [...layersOf(config, group), ...groupsIn(config, group.id).flatMap((one) => layersInside(config, one))];
}
