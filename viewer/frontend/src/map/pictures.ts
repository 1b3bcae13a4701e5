// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import ImageTile from "ol/ImageTile.js";
import TileLayer from "ol/layer/Tile.js";
import TileWMS from "ol/source/TileWMS.js";
import type Tile from "ol/Tile.js";
import { createXYZ } from "ol/tilegrid.js";
import type TileGrid from "ol/tilegrid/TileGrid.js";
import { RETRY, WELL } from "../services/health";
import type { Layer } from "../services/model";
import { explainPicture } from "../services/request";
import { rank, type Session } from "../session";
import { project } from "./view";

const TILE = 512;
const MAX_ZOOM = 20;
// How many zoom levels an old picture may be stretched until the new one comes: land stays land, but a symbol soon becomes a blot.
const BASE_STRETCH = 4;
const THEME_STRETCH = 1;
// Above every theme, below the ring around the chosen object.
const NAMES_INDEX = 5000;
// What was asked for each picture, to ask again why it did not come.
const addresses = new WeakMap<Tile, string>();

/** Told whenever a picture is asked for (+1) or has ended (-1). */
export type Pending = (change: 1 | -1) => void;

interface Picture {
  layer: TileLayer<TileWMS>;
  style: string;
}

/** Draws the base map and every switched-on layer from WMS and keeps doing so as the session changes. */
export function drawPictures(map: OlMap, session: Session, pending: Pending): void {
  drawBase(map, session, pending);
  const pictures = new Map<string, Picture>();
  const refresh = (layer: Layer): void => {
    const picture = pictures.get(layer.id);
    if (!session.isOn(layer)) {
      picture?.layer.setVisible(false);
      return;
    }
    const shown = picture ?? addPicture(map, session, layer, pending);
    pictures.set(layer.id, shown);
    shown.layer.setVisible(true);
    shown.layer.setOpacity(session.opacityOf(layer));
    const style = session.styleOf(layer);
    if (style !== shown.style) shown.layer.getSource()?.updateParams({ STYLES: style });
    shown.style = style;
  };
  session.tree.forEach(refresh);
  session.on("layers", refresh);
  session.on("health", (layer) => {
    // "Try again" clears the fault without a new picture: ask for them once more.
    if (session.healthOf(layer) === RETRY) pictures.get(layer.id)?.layer.getSource()?.refresh();
  });
}

/** The base map twice: its land below everything, its names above everything, so that no symbol hides them. */
function drawBase(map: OlMap, session: Session, pending: Pending): void {
  const { layers, styles, frame } = session.config.base;
  if (layers.length === 0) return;
  const extent = project(frame);
  for (const [parts, zIndex, stretch] of [["SHAPES", 0, BASE_STRETCH], ["LABELS", NAMES_INDEX, THEME_STRETCH]] as const) {
    const source = createSource(session, layers.join(","), styles.join(","), gridFor(map, stretch), parts);
    count(source, pending);
    map.addLayer(new TileLayer({ source, zIndex, preload: parts === "SHAPES" ? 1 : 0, extent }));
  }
}

function addPicture(map: OlMap, session: Session, layer: Layer, pending: Pending): Picture {
  const style = session.styleOf(layer);
  const source = createSource(session, layer.id, style, gridFor(map, THEME_STRETCH));
  count(source, pending);
  watch(source, session, layer);
  const drawn = new TileLayer({ source, zIndex: 10 + rank(layer) * 100 + session.config.layers.indexOf(layer) });
  map.addLayer(drawn);
  return { layer: drawn, style };
}

function createSource(session: Session, layers: string, styles: string, tileGrid: TileGrid, parts = "ALL"): TileWMS {
  const asked = { LAYERS: layers, STYLES: styles, PARTS: parts, LANGUAGE: session.config.language };
  return new TileWMS({
    url: session.config.services.wms,
    params: { ...asked, FORMAT: "image/png", TRANSPARENT: "TRUE", VERSION: "1.3.0" },
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
function gridFor(map: OlMap, stretch: number): TileGrid {
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
