// SPDX-License-Identifier: MIT
import { isEmpty } from "ol/extent.js";
import type Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import GPX from "ol/format/GPX.js";
import KML from "ol/format/KML.js";
import type BaseLayer from "ol/layer/Base.js";
import WMTSCapabilities from "ol/format/WMTSCapabilities.js";
import ImageTile from "ol/ImageTile.js";
import ImageLayer from "ol/layer/Image.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import type OlMap from "ol/Map.js";
import { get as getProjection } from "ol/proj.js";
import ImageWMS from "ol/source/ImageWMS.js";
import WMTS, { optionsFromCapabilities } from "ol/source/WMTS.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Extent, MapConfig } from "../services/model";
import { type Offer, throughServer } from "../services/outside";
import { toDegrees } from "./view";

// Above the themes, below the names.
const GUESTS = 4000;
const TITLE = "guest";
const READ = { featureProjection: "EPSG:3857" };

/** A layer the reader brought along: shown, hidden, gone; `extent` (degrees) where it is known. */
export interface Guest {
  title: string;
  extent: Extent | null;
  show: (on: boolean) => void;
  remove: () => void;
}

/** A WMS of others, its pictures fetched through this server; `fault` is told when one does not come. */
export function addPictures(map: OlMap, config: MapConfig, offer: Offer, fault: () => void): Guest {
  // One picture for the whole view: other sites are asked once per move, not once per tile.
  const source = new ImageWMS({
    url: offer.address,
    params: { LAYERS: offer.name, STYLES: "", FORMAT: "image/png", TRANSPARENT: "TRUE", VERSION: "1.3.0" },
    projection: "EPSG:3857",
    ratio: 1,
    imageLoadFunction: (wrapper, address) => {
      const image = wrapper.getImage();
      if (image instanceof HTMLImageElement) image.src = throughServer(config, address);
    },
  });
  source.once("imageloaderror", fault);
  return guest(map, new ImageLayer({ source, zIndex: GUESTS }), offer.title, null);
}

/** A WMTS of others in web Mercator, as its capabilities describe it; its tiles are fetched through this server. Throws Error without such tiles. */
export function addTiles(map: OlMap, config: MapConfig, offer: Offer, capabilities: string, fault: () => void): Guest {
  const options = optionsFromCapabilities(new WMTSCapabilities().read(capabilities), { layer: offer.name, projection: "EPSG:3857" });
  if (options === null || getProjection(options.projection)?.getCode() !== "EPSG:3857") throw new Error("no tiles in web Mercator");
  const source = new WMTS({
    ...options,
    tileLoadFunction: (tile, address) => {
      const image = tile instanceof ImageTile ? tile.getImage() : null;
      if (image instanceof HTMLImageElement) image.src = throughServer(config, address);
    },
  });
  source.once("tileloaderror", fault);
  return guest(map, new TileLayer({ source, zIndex: GUESTS }), offer.title, null);
}

/** Shapes of a file or a service. Throws Error when the text is none of the formats, and when it holds no shape. */
export function addShapes(map: OlMap, title: string, text: string, most: number): Guest {
  const features = readShapes(text)
    .filter((feature) => feature.getGeometry() !== undefined)
    .slice(0, most);
  const source = new VectorSource({ features });
  const extent = source.getExtent();
  if (extent === null || isEmpty(extent) || !extent.every(Number.isFinite)) throw new Error("no shapes");
  return guest(map, new VectorLayer({ source, style: look(), zIndex: GUESTS }), title, toDegrees(extent));
}

function readShapes(text: string): Feature[] {
  const start = text.slice(0, 2000);
  if (/<kml[\s>]/i.test(start)) return new KML({ extractStyles: false }).readFeatures(text, READ);
  if (/<gpx[\s>]/i.test(start)) return new GPX().readFeatures(text, READ);
  return new GeoJSON().readFeatures(text, READ);
}

function look(): Style {
  const tokens = getComputedStyle(document.documentElement);
  const colour = tokens.getPropertyValue("--focus").trim();
  const stroke = new Stroke({ color: colour, width: 2 });
  // The token is #rrggbb; two more digits make it a veil.
  const fill = new Fill({ color: `${colour}26` });
  return new Style({ stroke, fill, image: new CircleStyle({ radius: 5, fill: new Fill({ color: tokens.getPropertyValue("--paper").trim() }), stroke }) });
}

/** The titles of the guests that are shown: pictures and paper, which the WMS draws, have none of them. */
export function shownGuests(map: OlMap): string[] {
  return map.getAllLayers().flatMap((layer) => {
    const title: unknown = layer.get(TITLE);
    return typeof title === "string" && layer.getVisible() ? [title] : [];
  });
}

function guest(map: OlMap, layer: BaseLayer, title: string, extent: Extent | null): Guest {
  layer.set(TITLE, title);
  map.addLayer(layer);
  return {
    title,
    extent,
    show: (on) => {
      layer.setVisible(on);
    },
    remove: () => {
      map.removeLayer(layer);
    },
  };
}
