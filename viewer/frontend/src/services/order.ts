// SPDX-License-Identifier: MIT
import type { LayerChoice, LinkState } from "./link";
import type { Layer } from "./model";

const RANKS = { raster: 0, polygon: 1, line: 2, point: 3, none: 4 } as const;

/** Layers from the bottom up: areas under lines, lines under points; or as the reader ordered them (ids), what he has not on top. */
export function stack(layers: readonly Layer[], order: readonly string[]): Layer[] {
  const usual = [...layers].sort((one, other) => RANKS[one.geometry] - RANKS[other.geometry]);
  const place = ({ id }: Layer): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return order.length === 0 ? usual : usual.sort((one, other) => place(one) - place(other));
}

/** The ids with one of them at another place: 0 is the bottom. */
export function laid(ids: readonly string[], id: string, at: number): string[] {
  const others = ids.filter((one) => one !== id);
  others.splice(Math.max(0, at), 0, id);
  return others;
}

/** The layers a link switches on, of those there are; without a choice those the province shows. */
export function choicesAtStart(link: Pick<LinkState, "layers">, tree: readonly Layer[]): LayerChoice[] {
  const start = link.layers ?? tree.filter((layer) => layer.visible).map(({ id }) => ({ id, opacity: 1, style: "" }));
  return start.filter(({ id }) => tree.some((layer) => layer.id === id));
}
