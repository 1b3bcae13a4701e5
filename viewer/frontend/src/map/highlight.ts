// SPDX-License-Identifier: MIT
import { getCenter, getHeight, getWidth } from "ol/extent.js";
import Feature from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import type Geometry from "ol/geom/Geometry.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import type OlMap from "ol/Map.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Extent, GeoJsonGeometry, LonLat } from "../services/model";
import { toDegrees } from "./view";

const ABOVE_ALL = 10_000;

/** Where something is: its box in degrees and the point the card must not cover (EPSG:3857). */
export interface Place {
  extent: Extent;
  anchor: [number, number];
  isPoint: boolean;
}

export interface Highlight {
  /** Rings the geometry (degrees) in the brand colour and says where it is. */
  show: (geometry: GeoJsonGeometry) => Place | null;
  /** Marks a place that is no object: coordinates, the reader's own position. */
  mark: (point: LonLat) => void;
  clear: () => void;
}

/** The ring around the chosen object, above every picture. */
export function createHighlight(map: OlMap): Highlight {
  const source = new VectorSource();
  map.addLayer(new VectorLayer({ source, zIndex: ABOVE_ALL, style: styles(), updateWhileAnimating: true }));
  const format = new GeoJSON();
  const clear = (): void => {
    source.clear();
  };
  return {
    clear,
    mark: (point) => {
      clear();
      source.addFeature(new Feature(new Point(fromLonLat(point))));
    },
    show: (geometry) => {
      clear();
      const shape = format.readGeometry(geometry, { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
      source.addFeature(new Feature(shape));
      return placeOf(shape);
    },
  };
}

function placeOf(shape: Geometry): Place | null {
  const box = shape.getExtent();
  if (box.some((value) => !Number.isFinite(value))) return null;
  const [x = 0, y = 0] = getCenter(box);
  const isPoint = getWidth(box) === 0 && getHeight(box) === 0;
  return { extent: toDegrees(box), anchor: [x, y], isPoint };
}

function styles(): Style[] {
  // Read from the tokens, so that the colour is written in one place only.
  const brand = getComputedStyle(document.documentElement).getPropertyValue("--brand").trim() || "green";
  const halo = new Stroke({ color: "white", width: 7 });
  const line = new Stroke({ color: brand, width: 3.5 });
  const veil = new Fill({ color: "rgba(10,107,92,.08)" });
  return [
    new Style({ stroke: halo, image: new CircleStyle({ radius: 15, stroke: halo }) }),
    new Style({ stroke: line, fill: veil, image: new CircleStyle({ radius: 15, stroke: line }) }),
  ];
}
