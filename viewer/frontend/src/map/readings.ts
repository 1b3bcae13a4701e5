// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { getPointResolution, toLonLat } from "ol/proj.js";
import type { LonLat } from "../services/model";

const BAR_PIXELS = 96;
const OGC_PIXEL_METRES = 0.00028;
const STEPS = [1, 2, 5, 10];

export interface Bar {
  /** Metres the bar stands for. */
  metres: number;
  /** Its length on screen. */
  pixels: number;
}

/** Tells the point (degrees) under the pointer, or the map's centre when there is no pointer on it. */
export function followPointer(map: OlMap, tell: (point: LonLat) => void): void {
  const centre = (): void => {
    tell(toDegrees(map.getView().getCenter() ?? [0, 0]));
  };
  map.on("pointermove", (event) => {
    if (!event.dragging) tell(toDegrees(event.coordinate));
  });
  map.getTargetElement().addEventListener("pointerleave", centre);
  map.on("moveend", centre);
  map.once("rendercomplete", centre);
}

/** Tells the scale bar after every move: true ground length at the centre of the map. */
export function followScale(map: OlMap, tell: (bar: Bar) => void): void {
  const update = (): void => {
    const view = map.getView();
    const resolution = getPointResolution(view.getProjection(), view.getResolution() ?? 1, view.getCenter() ?? [0, 0], "m");
    tell(barFor(resolution));
  };
  map.getView().on("change:resolution", update);
  map.on("moveend", update);
  update();
}

/** Tells the scale denominator of the pictures after every move, as WMS reckons it: 0.28 mm pixels, EPSG:3857 metres. */
export function followDenominator(map: OlMap, tell: (denominator: number) => void): void {
  const update = (): void => {
    tell((map.getView().getResolution() ?? 1) / OGC_PIXEL_METRES);
  };
  map.on("moveend", update);
  update();
}

/** The longest round length that fits the bar, for metres per pixel. */
export function barFor(resolution: number): Bar {
  const most = BAR_PIXELS * resolution;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * Math.max(...STEPS.filter((step) => step * power <= most));
  return { metres, pixels: Math.round(metres / resolution) };
}

function toDegrees(coordinate: number[]): LonLat {
  const [lon = 0, lat = 0] = toLonLat(coordinate);
  return [lon, lat];
}
