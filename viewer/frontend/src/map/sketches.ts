// SPDX-License-Identifier: MIT
import Feature from "ol/Feature.js";
import type Geometry from "ol/geom/Geometry.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import Polygon from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import type OlMap from "ol/Map.js";
import { fromLonLat, toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type { LonLat } from "../services/model";
import type { Sketch } from "../services/sketch";

const ABOVE_NAMES = 9000;
const DOUBLE_MS = 400;
const DOUBLE_PIXELS = 6;

export interface SketchLayer {
  /** Draws the finished sketches with their numbers, and the one being drawn. */
  draw: (sketches: readonly Sketch[], active: Sketch | null) => void;
}

export interface SketchEvents {
  add: (point: LonLat) => void;
  finish: () => void;
  /** Whether the tool is open and takes the map's clicks. */
  isOn: () => boolean;
}

/** The reader's drawings on the map; while the tool is open, clicks and Enter add vertices and a double click ends a shape. */
export function createSketches(map: OlMap, events: SketchEvents): SketchLayer {
  const source = new VectorSource();
  const style = styles();
  map.addLayer(new VectorLayer({ source, zIndex: ABOVE_NAMES, style: (feature) => style(feature.get("label") as string | undefined) }));
  let last = { x: NaN, y: NaN, at: 0 };
  map.on("click", (event) => {
    if (!events.isOn()) return;
    const [x = 0, y = 0] = event.pixel;
    const now = performance.now();
    // The library takes any two quick clicks for a double click; here they must hit the same spot.
    if (now - last.at < DOUBLE_MS && Math.hypot(x - last.x, y - last.y) < DOUBLE_PIXELS) events.finish();
    else events.add(toDegrees(event.coordinate));
    last = { x, y, at: now };
  });
  map.on("dblclick", (event) => {
    if (events.isOn()) event.stopPropagation();
  });
  map.getTargetElement().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && events.isOn()) events.add(toDegrees(map.getView().getCenter() ?? [0, 0]));
  });
  return {
    draw: (sketches, active) => {
      const features = sketches.map((sketch, at) => featureOf(sketch, `${at + 1}${sketch.note === "" ? "" : ` ${sketch.note}`}`));
      source.clear();
      source.addFeatures(features);
      if (active !== null && active.points.length > 0) {
        source.addFeature(featureOf(active, ""));
        source.addFeatures(active.points.map((point) => new Feature(new Point(fromLonLat(point)))));
      }
    },
  };
}

function featureOf(sketch: Sketch, label: string): Feature {
  const feature = new Feature(shapeOf(sketch));
  feature.set("label", label);
  return feature;
}

function shapeOf({ kind, points }: Sketch): Geometry {
  const plane = points.map((point) => fromLonLat(point));
  if (kind === "point" || plane.length < 2) return new Point(plane[0] ?? [0, 0]);
  if (kind === "line" || plane.length < 3) return new LineString(plane);
  return new Polygon([[...plane, plane[0] ?? [0, 0]]]);
}

function styles(): (label: string | undefined) => Style[] {
  // Read from the tokens, so that the colours are written in one place only.
  const tokens = getComputedStyle(document.documentElement);
  const colour = (name: string): string => tokens.getPropertyValue(name).trim();
  const stroke = new Stroke({ color: colour("--accent"), width: 2.5 });
  const image = new CircleStyle({ radius: 4.5, fill: new Fill({ color: colour("--paper") }), stroke });
  const halo = new Style({ stroke: new Stroke({ color: colour("--paper"), width: 5 }) });
  return (label) => [
    halo,
    new Style({
      stroke,
      image,
      // The token is #rrggbb; two more digits make it a veil.
      fill: new Fill({ color: `${colour("--accent")}1f` }),
      text: new Text({
        text: label ?? "",
        font: '600 13px "Be Vietnam Pro", sans-serif',
        fill: new Fill({ color: colour("--ink") }),
        stroke: new Stroke({ color: colour("--paper"), width: 4 }),
        overflow: true,
        offsetY: -14,
      }),
    }),
  ];
}

function toDegrees(coordinate: number[]): LonLat {
  const [lon = 0, lat = 0] = toLonLat(coordinate);
  return [lon, lat];
}
