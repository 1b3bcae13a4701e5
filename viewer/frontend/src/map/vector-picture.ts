// SPDX-License-Identifier: MIT
import { buffer, type Extent } from "ol/extent.js";
import type Feature from "ol/Feature.js";
import ImageTile from "ol/ImageTile.js";
import type BaseLayer from "ol/layer/Base.js";
import TileLayer from "ol/layer/Tile.js";
import type OlMap from "ol/Map.js";
import XYZ from "ol/source/XYZ.js";
import type Tile from "ol/Tile.js";
import type TileGrid from "ol/tilegrid/TileGrid.js";
import TileState from "ol/TileState.js";
import { isDrawn, loadLook, type Look } from "../services/look";
import { formatNumber } from "../services/format";
import type { Language, Layer } from "../services/model";
import { type Cluster, clustersOf, radiusOf, signOf } from "./clusters";
import { type Icons, loadIcons, NO_ICONS } from "./icons";
import { createLabels, labelsOf } from "./labels";
import { paint } from "./paint";
import { type Shape, type TileCoordinate, TileStore } from "./tile-store";

const TILE = 512;
const LABEL_PAUSE_MS = 60;
const REACH_PIXELS = 40;
// The scale denominator of level 0: pixels of 0.28 mm, tiles of 512.
const SCALE_0 = 279_541_132.0143589;
// Above the names of the base map: a name must not cover the number of a sign.
const LABELS_INDEX = 5500;

/** What of a layer is drawn: its style, and features left out of it. */
export interface Wish {
  style: string;
  hidden: (shape: Shape) => boolean;
  /** Whether labels are drawn; those of the base map are written by the base map. */
  hasLabels: boolean;
  language: Language;
  /** Changes whenever the wish does. */
  key: string;
}

/** Told of tiles asked for and come, and of the first that did not come. */
export interface Listener {
  pending: (change: 1 | -1) => void;
  arrived: () => void;
  failed: () => void;
}

/** A layer drawn in the browser from vector tiles, as pictures of tiles that are painted once, and labels on top of them. */
export class VectorPicture {
  readonly layers: readonly BaseLayer[];
  readonly #map: OlMap;
  readonly #layer: Layer;
  readonly #grid: TileGrid;
  readonly #store: TileStore;
  readonly #tiles: TileLayer<XYZ>;
  readonly #labels;
  readonly #listener: Listener;
  #look: Look | null = null;
  #icons: Icons = NO_ICONS;
  #wish: Wish | null = null;
  #timer = 0;

  constructor(map: OlMap, layer: Layer, place: { grid: TileGrid; zIndex: number }, listener: Listener) {
    this.#map = map;
    this.#layer = layer;
    this.#grid = place.grid;
    this.#store = new TileStore(layer.id, place.grid);
    this.#listener = listener;
    const source = new XYZ({
      tileGrid: place.grid,
      tilePixelRatio: ratio(),
      tileUrlFunction: (coordinate) => coordinate.join("/"),
      tileLoadFunction: (tile) => void this.#draw(tile),
      wrapX: false,
      transition: 0,
    });
    this.#tiles = new TileLayer({ source, zIndex: place.zIndex, visible: false });
    this.#labels = createLabels(LABELS_INDEX + place.zIndex);
    this.layers = [this.#tiles, this.#labels];
    for (const one of this.layers) map.addLayer(one);
    map.on("moveend", () => {
      this.#labelSoon();
    });
  }

  /** Draws the layer as wished. Throws RequestError, and Unsupported where only the server can. */
  async show(wish: Wish): Promise<void> {
    if (this.#wish?.style !== wish.style || this.#look === null) {
      const look = await loadLook(this.#layer.id, wish.style, this.#layer.geometry === "point");
      this.#icons = look.hasIcons ? await loadIcons(this.#layer.id, wish.style) : NO_ICONS;
      this.#look = look;
    }
    if (this.#wish?.key === wish.key) return;
    this.#wish = wish;
    this.#tiles.getSource()?.setTileUrlFunction((coordinate) => coordinate.join("/"), wish.key);
    this.#labelSoon();
  }

  setVisible(visible: boolean): void {
    for (const layer of this.layers) layer.setVisible(visible);
    if (visible) this.#labelSoon();
  }

  setIndex(index: number): void {
    this.#tiles.setZIndex(index);
    this.#labels.setZIndex(LABELS_INDEX + index);
  }

  setOpacity(opacity: number): void {
    for (const layer of this.layers) layer.setOpacity(opacity);
  }

  get isVisible(): boolean {
    return this.#tiles.getVisible();
  }

  /** Whether points that lie together are joined at a level: where the layer file says so, and tiles leave nothing out. */
  #joins(zoom: number): boolean {
    const { cluster, geometry, thinnedTo } = this.#layer;
    return geometry === "point" && cluster !== null && SCALE_0 / 2 ** zoom >= cluster && zoom > thinnedTo;
  }

  #wished(tiles: readonly TileCoordinate[], wish: Wish): Shape[] {
    return tiles.flatMap((tile) => this.#store.peek(tile) ?? []).filter((shape) => !wish.hidden(shape));
  }

  /** The clusters of a tile, points that stand alone among them. */
  #clusters(tile: TileCoordinate): Cluster[] {
    return clustersOf(this.extentOf(tile), this.drawnIn(tile));
  }

  /** The cluster under a place (EPSG:3857); null where none is drawn. */
  clusterAt([x = 0, y = 0]: number[]): Cluster | null {
    const resolution = this.#map.getView().getResolution() ?? 1;
    const near = this.tilesInView().flatMap((tile) => (this.#joins(tile[0]) ? this.#clusters(tile) : []));
    const isUnder = ({ at, shapes }: Cluster): boolean =>
      shapes.length > 1 && Math.hypot(at[0] - x, at[1] - y) <= radiusOf(shapes.length) * resolution;
    return near.find(isUnder) ?? null;
  }

  /** What is drawn in a tile, as far as it has come. */
  drawnIn(tile: TileCoordinate): readonly Shape[] {
    const [look, wish] = [this.#look, this.#wish];
    if (look === null || wish === null) return [];
    return (this.#store.peek(tile) ?? []).filter((shape) => !wish.hidden(shape) && isDrawn(look, shape, tile[0]));
  }

  /** The tile a place (EPSG:3857) lies in, at the level of the view. */
  tileAt(place: number[]): TileCoordinate {
    const z = this.#grid.getZForResolution(this.#map.getView().getResolution() ?? 1);
    const [, x = 0, y = 0] = this.#grid.getTileCoordForCoordAndZ(place, z);
    return [z, x, y];
  }

  /** The box of a tile in EPSG:3857. */
  extentOf(tile: TileCoordinate): Extent {
    return this.#grid.getTileCoordExtent([...tile]);
  }

  /** The tiles of the view. */
  tilesInView(): TileCoordinate[] {
    const view = this.#map.getView();
    const box = view.calculateExtent(this.#map.getSize());
    const found: TileCoordinate[] = [];
    const z = this.#grid.getZForResolution(view.getResolution() ?? 1);
    this.#grid.forEachTileCoord(box, z, (one) => found.push([one[0] ?? 0, one[1] ?? 0, one[2] ?? 0]));
    return found;
  }

  /** What came of the tiles of the view, hidden or not; null while some have not come. */
  inView(): Shape[] | null {
    const read = this.tilesInView().map((tile) => this.#store.peek(tile));
    return read.includes(undefined) ? null : read.flatMap((shapes) => shapes ?? []);
  }

  async #draw(tile: Tile): Promise<void> {
    if (!(tile instanceof ImageTile)) return;
    const [z = 0, x = 0, y = 0] = tile.getTileCoord();
    this.#listener.pending(1);
    try {
      const shapes = await this.#store.load([z, x, y]);
      tile.setImage(this.#paint(z, this.#grid.getTileCoordExtent([z, x, y]), shapes));
      this.#listener.arrived();
      this.#labelSoon();
    } catch {
      tile.setState(TileState.ERROR);
      this.#listener.failed();
    } finally {
      this.#listener.pending(-1);
    }
  }

  #paint(zoom: number, extent: Extent, shapes: readonly Shape[]): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    const [look, wish] = [this.#look, this.#wish];
    const context = shapes.length === 0 || this.#joins(zoom) ? null : canvas.getContext("2d");
    if (look === null || wish === null || context === null) {
      canvas.width = canvas.height = 1;
      return canvas;
    }
    const [left = 0, , , top = 0] = extent;
    canvas.width = canvas.height = TILE * ratio();
    const ground = { context, left, top, scale: ratio() / this.#grid.getResolution(zoom), ratio: ratio(), zoom };
    paint(ground, look, shapes.filter((shape) => !wish.hidden(shape)), this.#icons);
    return canvas;
  }

  #labelSoon(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#label();
    }, LABEL_PAUSE_MS);
  }

  #label(): void {
    const [look, wish] = [this.#look, this.#wish];
    if (look === null || wish === null || !this.isVisible) return;
    const source = this.#labels.getSource();
    source?.clear(true);
    source?.addFeatures(this.#signs(look, wish));
  }

  /** Clusters and labels of the view. */
  #signs(look: Look, wish: Wish): Feature[] {
    const view = this.#map.getView();
    const box = buffer(view.calculateExtent(this.#map.getSize()), REACH_PIXELS * (view.getResolution() ?? 1));
    const tiles = this.tilesInView();
    const zoom = tiles[0]?.[0] ?? 0;
    const clusters = this.#joins(zoom) ? tiles.flatMap((tile) => this.#clusters(tile)) : null;
    const write = (count: number): string => formatNumber(count, wish.language);
    const signs = (clusters ?? []).flatMap((one) => signOf(one, look, this.#icons, zoom, write) ?? []);
    const shapes = clusters === null ? this.#wished(tiles, wish) : aloneIn(clusters);
    return wish.hasLabels ? [...signs, ...labelsOf({ look, icons: this.#icons, zoom, box, shapes })] : signs;
  }
}

/** The points that stand alone, which bear their labels. */
function aloneIn(clusters: readonly Cluster[]): Shape[] {
  return clusters.flatMap(({ shapes }) => (shapes.length === 1 ? shapes : []));
}

/** Pixels of a tile to a CSS pixel. */
function ratio(): number {
  return window.devicePixelRatio > 1 ? 2 : 1;
}
