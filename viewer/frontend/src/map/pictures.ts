// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import ImageTile from "ol/ImageTile.js";
import ImageLayer from "ol/layer/Image.js";
import TileLayer from "ol/layer/Tile.js";
import ImageWMS from "ol/source/ImageWMS.js";
import TileWMS from "ol/source/TileWMS.js";
import type Tile from "ol/Tile.js";
import { createXYZ } from "ol/tilegrid.js";
import type TileGrid from "ol/tilegrid/TileGrid.js";
import { WELL } from "../services/health";
import type { Layer } from "../services/model";
import { explainPicture } from "../services/request";
import type { Session } from "../session";
import { project } from "./view";

const TILE = 512;
const MAX_ZOOM = 20;
// How many zoom levels an old picture may be stretched until the new one comes: land stays land, but a symbol soon becomes a blot.
const BASE_STRETCH = 4;
export const THEME_STRETCH = 1;
// Above every theme, below the ring around the chosen object.
const NAMES_INDEX = 5000;
// The server's own limit for one picture; the very largest screens get names of plain fineness.
const MOST_PIXELS = 4096;
const FORM = { FORMAT: "image/png", TRANSPARENT: "TRUE", VERSION: "1.3.0" };
// What was asked for each picture, to ask again why it did not come.
const addresses = new WeakMap<Tile, string>();

/** Told whenever a picture is asked for (+1) or has ended (-1). */
export type Pending = (change: 1 | -1) => void;

export interface Picture {
  layer: TileLayer<TileWMS>;
  /** What the reader chose of it, as last asked for. */
  asked: string;
}

/** The style, filter and time a layer is asked for with; undefined ones are not sent. */
export function choiceOf(session: Session, layer: Layer): Record<string, string | undefined> {
  return { STYLES: session.styleOf(layer), CQL_FILTER: session.shownCql(layer) ?? undefined, TIME: session.timeOf(layer) ?? undefined };
}

/** The base map twice: its land below everything, its names above everything and clear of the symbols. */
export function drawBase(map: OlMap, session: Session, pending: Pending): void {
  const { layers, styles, frame } = session.config.base;
  if (layers.length === 0) return;
  const extent = project(frame);
  const land = createSource(session, { LAYERS: layers.join(","), STYLES: styles.join(","), PARTS: "SHAPES" }, gridFor(map, BASE_STRETCH));
  count(land, pending);
  map.addLayer(new TileLayer({ source: land, zIndex: 0, preload: 1, extent, className: "base-land" }));
  followBase(map, session, pending);
  const names = createNames(session);
  names.on("imageloadstart", () => {
    pending(1);
  });
  names.on(["imageloadend", "imageloaderror"], () => {
    pending(-1);
  });
  map.addLayer(new ImageLayer({ source: names, zIndex: NAMES_INDEX, className: "base-names" }));
  let asked = JSON.stringify(namesOf(session));
  session.on("layers", () => {
    const wanted = namesOf(session);
    if (JSON.stringify(wanted) === asked) return;
    asked = JSON.stringify(wanted);
    names.updateParams(wanted);
  });
}

/** The look of the base map: the style sheet turns land and names dark, a photo takes the place of the land. */
function followBase(map: OlMap, session: Session, pending: Pending): void {
  let photo: TileLayer<TileWMS> | null = null;
  const draw = (): void => {
    const name = session.base === "photo" ? session.config.base.photo : null;
    if (name !== null && photo === null) {
      const source = createSource(session, { LAYERS: name, STYLES: "" }, gridFor(map, BASE_STRETCH));
      count(source, pending);
      photo = new TileLayer({ source, zIndex: 1, className: "base-photo" });
      map.addLayer(photo);
    }
    photo?.setVisible(name !== null);
    map.getTargetElement().dataset.base = session.base;
  };
  draw();
  session.on("base", draw);
}

/** All names of a view in one picture: each finds its place among all the others, and no seam cuts one. */
function createNames(session: Session): ImageWMS {
  return new ImageWMS({
    url: session.config.services.wms,
    params: { ...namesOf(session), ...FORM, LANGUAGE: session.config.language },
    projection: "EPSG:3857",
    serverType: "mapserver",
    hidpi: Math.max(window.screen.width, window.screen.height) * window.devicePixelRatio <= MOST_PIXELS,
    ratio: 1,
  });
}

/** What to ask for the names: the labels of the base map; the switched-on layers are unseen, only kept clear of. */
function namesOf(session: Session): Record<string, string | undefined> {
  const { layers, styles } = session.config.base;
  const others = session.drawn().filter(({ id }) => !layers.includes(id));
  const drawn = others.filter((layer) => layer.geometry !== "raster" && session.healthOf(layer).since === null);
  const filters = [...layers.map(() => ""), ...drawn.map((layer) => session.shownCql(layer) ?? "")];
  return {
    CQL_FILTER: filters.some((filter) => filter !== "") ? filters.join(";") : undefined,
    LAYERS: [...layers, ...drawn.map(({ id }) => id)].join(","),
    STYLES: [...styles, ...drawn.map((layer) => session.styleOf(layer))].join(","),
    PARTS: "LABELS",
    UNSEEN: drawn.map(({ id }) => id).join(","),
  };
}

export function pictureLayer(map: OlMap, session: Session, layer: Layer, wanted: Record<string, string | undefined>, pending: Pending): Picture {
  // The base map writes the names of its own layers.
  const parts = session.config.base.layers.includes(layer.id) ? "SHAPES" : "ALL";
  const source = createSource(session, { LAYERS: layer.id, ...wanted, PARTS: parts }, gridFor(map, THEME_STRETCH));
  count(source, pending);
  watch(source, session, layer);
  const drawn = new TileLayer({ source, zIndex: indexOf(session, layer) });
  map.addLayer(drawn);
  return { layer: drawn, asked: JSON.stringify(wanted) };
}

/** Where a layer lies among the others. */
export function indexOf(session: Session, layer: Layer): number {
  return 10 + session.drawn().findIndex(({ id }) => id === layer.id);
}

function createSource(session: Session, asked: Record<string, string | undefined>, tileGrid: TileGrid): TileWMS {
  return new TileWMS({
    url: session.config.services.wms,
    params: { ...asked, FORMAT: "image/png", TRANSPARENT: "TRUE", TILED: "TRUE", VERSION: "1.3.0", LANGUAGE: session.config.language },
    tileGrid,
    projection: "EPSG:3857",
    // The server understands MapServer's way of asking for sharper pictures.
    serverType: "mapserver",
    hidpi: true,
    wrapX: false,
    transition: 150,
    tileLoadFunction: load,
  });
}

/** The tiling; it forgets the levels that lie further below the view than `stretch`, so that nothing of them is drawn meanwhile. */
export function gridFor(map: OlMap, stretch: number): TileGrid {
  const grid = createXYZ({ tileSize: TILE, maxZoom: MAX_ZOOM });
  grid.getMinZoom = () => Math.max(0, grid.getZForResolution(map.getView().getResolution() ?? 1) - stretch);
  return grid;
}

function load(tile: Tile, address: string): void {
  if (!(tile instanceof ImageTile)) return;
  addresses.set(tile, address);
  const image = tile.getImage();
  if (image instanceof HTMLImageElement) image.src = address;
}

function count(source: TileWMS, pending: Pending): void {
  source.on("tileloadstart", () => {
    pending(1);
  });
  source.on(["tileloadend", "tileloaderror"], () => {
    pending(-1);
  });
}

function watch(source: TileWMS, session: Session, layer: Layer): void {
  source.on("tileloadend", () => {
    if (session.healthOf(layer).since !== null) session.report(layer, WELL);
  });
  source.on("tileloaderror", (event) => {
    if (session.healthOf(layer).since !== null) return;
    const since = new Date();
    session.report(layer, { since, reason: "" });
    void explainPicture(addresses.get(event.tile) ?? "").then((reason) => {
      if (reason !== "" && session.healthOf(layer).since === since) session.report(layer, { since, reason });
    });
  });
}
