// SPDX-License-Identifier: MIT
import { createOrUpdateFromFlatCoordinates, type Extent } from "ol/extent.js";
import MVT from "ol/format/MVT.js";
import type RenderFeature from "ol/render/Feature.js";
import type TileGrid from "ol/tilegrid/TileGrid.js";
import type { Subject } from "../services/expression";
import { tilesAddress } from "../services/look";
import { fetchBytes } from "../services/request";

/** A feature, or the piece of it that lies in a tile; coordinates in EPSG:3857, x and y in turn, `ends` as OpenLayers has them. */
export interface Shape extends Subject {
  kind: "point" | "line" | "area";
  flat: number[];
  ends: number[];
}

export type TileCoordinate = readonly [z: number, x: number, y: number];

const MOST_TILES = 240;
const format = new MVT({ layerName: "mvt:layer" });

/** The vector tiles of one layer, read once and kept while they are used. */
export class TileStore {
  readonly #layer: string;
  readonly #grid: TileGrid;
  readonly #asked = new Map<string, Promise<readonly Shape[]>>();
  readonly #read = new Map<string, readonly Shape[]>();

  constructor(layer: string, grid: TileGrid) {
    this.#layer = layer;
    this.#grid = grid;
  }

  /** What lies in a tile and its margin, in the order of the ids. Throws RequestError. */
  async load(tile: TileCoordinate): Promise<readonly Shape[]> {
    const key = tile.join("/");
    const asked = this.#asked.get(key) ?? this.#fetch(tile, key);
    // The one asked for last goes to the end.
    this.#asked.delete(key);
    this.#asked.set(key, asked);
    return asked;
  }

  /** The same, where it has been read. */
  peek(tile: TileCoordinate): readonly Shape[] | undefined {
    return this.#read.get(tile.join("/"));
  }

  async #fetch(tile: TileCoordinate, key: string): Promise<readonly Shape[]> {
    for (const old of this.#asked.keys()) {
      if (this.#asked.size < MOST_TILES) break;
      this.#asked.delete(old);
      this.#read.delete(old);
    }
    try {
      const bytes = await fetchBytes(tilesAddress(this.#layer, `${key}.mvt`));
      const shapes = bytes.byteLength === 0 ? [] : readShapes(bytes, this.#grid.getTileCoordExtent([...tile]));
      this.#read.set(key, shapes);
      return shapes;
    } catch (error) {
      this.#asked.delete(key);
      throw error;
    }
  }
}

function readShapes(bytes: ArrayBuffer, extent: number[]): Shape[] {
  const shapes = format.readFeatures(bytes, { extent, featureProjection: "EPSG:3857" }).map(toShape);
  return shapes.sort((one, other) => Number(one.id) - Number(other.id));
}

function toShape(feature: RenderFeature): Shape {
  const type = feature.getType();
  const kind = type.endsWith("Point") ? "point" : type.endsWith("LineString") ? "line" : "area";
  return {
    id: feature.getId(),
    properties: feature.getProperties(),
    kind,
    flat: feature.getFlatCoordinates(),
    // A line of one piece has none; every pair of a point is a piece.
    ends: feature.getEnds() ?? [feature.getFlatCoordinates().length],
  };
}

/** The box around a shape. */
export function extentOf({ flat }: Shape): Extent {
  return createOrUpdateFromFlatCoordinates(flat, 0, flat.length, 2);
}
