// SPDX-License-Identifier: MIT
import Feature from "ol/Feature.js";
import { fromExtent } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import type OlMap from "ol/Map.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Extent } from "../services/model";
import { project } from "./view";

const BELOW_ALL = -1;

/** The sheet the base map is drawn on (degrees): water as long as nothing else is drawn, plain paper beyond. */
export function drawFrame(map: OlMap, frame: Extent): void {
  const tokens = getComputedStyle(document.documentElement);
  const colour = (name: string): string => tokens.getPropertyValue(name).trim();
  const style = new Style({
    fill: new Fill({ color: colour("--water") }),
    stroke: new Stroke({ color: colour("--border-commune"), width: 1 }),
  });
  const source = new VectorSource({ features: [new Feature(fromExtent(project(frame)))] });
  map.addLayer(new VectorLayer({ source, style, zIndex: BELOW_ALL, className: "base-frame" }));
}
