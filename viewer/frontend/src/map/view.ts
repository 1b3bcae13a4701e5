// SPDX-License-Identifier: MIT
import { getCenter } from "ol/extent.js";
import { defaults as defaultInteractions } from "ol/interaction/defaults.js";
import OlMap from "ol/Map.js";

import { fromLonLat, toLonLat, transformExtent } from "ol/proj.js";
import View from "ol/View.js";
import type { Position } from "../services/link";
import type { Extent, LonLat, MapConfig } from "../services/model";

const MIN_ZOOM = 5;
const MAX_ZOOM = 19;
const POINT_ZOOM = 14;
const EDGE = 24;
// A box that overflows the map by less than 8 % still counts as fitting.
const CUT_LEVELS = 0.12;

/** Pixels of the map that panels cover: top, right, bottom, left. */
export type Cover = [number, number, number, number];

/** The map on its element, at the link's position or on the whole province. Its centre never leaves the national frame. */
export function createMap(target: HTMLElement, config: MapConfig, position: Position | null): OlMap {
  const view = new View({
    center: fromLonLat(middle(config.home)),
    zoom: 9,
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    constrainResolution: true,
    enableRotation: false,
    extent: project(config.limit),
    constrainOnlyCenter: true,
    smoothExtentConstraint: false,
  });
  const map = new OlMap({
    target,
    view,
    controls: [],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
  });
  if (position === null) showHome(map, config.home, false);
  else {
    view.setCenter(fromLonLat([position.lon, position.lat]));
    view.setZoom(position.zoom);
  }
  return map;
}

/** Where the map is, for a link. */
export function positionOf(map: OlMap): Position {
  const view = map.getView();
  const [lon = 0, lat = 0] = toLonLat(view.getCenter() ?? [0, 0]);
  return { lon, lat, zoom: view.getZoom() ?? MIN_ZOOM };
}

/** Moves the map so that the box (degrees) fits beside the panels. */
export function showExtent(map: OlMap, extent: Extent, animated = true, cover: Cover = [0, 0, 0, 0]): void {
  const padding = cover.map((pixels) => pixels + EDGE);
  map.getView().cancelAnimations();
  map.getView().fit(project(extent), { padding, maxZoom: POINT_ZOOM, ...(animated ? { duration: duration() } : {}) });
}

/** Moves the map to the whole province. The outermost tips may be cut when that brings the map a whole level closer. */
export function showHome(map: OlMap, home: Extent, animated = true): void {
  const view = map.getView();
  const box = project(home);
  const exact = view.getZoomForResolution(view.getResolutionForExtent(box, map.getSize())) ?? MIN_ZOOM;
  const zoom = Math.floor(exact + CUT_LEVELS);
  view.cancelAnimations();
  view.animate({ center: getCenter(box), zoom, duration: animated ? duration() : 0 });
}

/** Moves the map to a point (degrees), close enough to see it. */
export function showPoint(map: OlMap, [lon, lat]: LonLat, cover: Cover): void {
  const [x = 0, y = 0] = fromLonLat([lon, lat]);
  const zoom = Math.max(POINT_ZOOM, map.getView().getZoom() ?? 0);
  const padding = cover.map((pixels) => pixels + EDGE);
  map.getView().cancelAnimations();
  map.getView().fit([x, y, x, y], { padding, maxZoom: zoom, duration: duration() });
}

/** Moves the map by the least that brings the point (EPSG:3857) out from under the panels. */
export function uncover(map: OlMap, point: [number, number], cover: Cover): void {
  const [width, height] = pair(map.getSize());
  const [x, y] = pair(map.getPixelFromCoordinate(point));
  const [top, right, bottom, left] = cover;
  const dx = shift(x, left + EDGE * 2, width - right - EDGE * 2);
  const dy = shift(y, top + EDGE * 2, height - bottom - EDGE * 2);
  if (dx === 0 && dy === 0) return;
  const view = map.getView();
  const resolution = view.getResolution() ?? 1;
  const [cx, cy] = pair(view.getCenter());
  view.animate({ center: [cx + dx * resolution, cy - dy * resolution], duration: duration() });
}

/** Zooms one step in (+1) or out (-1). */
export function zoomBy(map: OlMap, steps: 1 | -1): void {
  const view = map.getView();
  view.animate({ zoom: (view.getZoom() ?? MIN_ZOOM) + steps, duration: duration() });
}

/** A box of degrees in EPSG:3857 metres. */
export function project(extent: Extent): [number, number, number, number] {
  const [west = 0, south = 0, east = 0, north = 0] = transformExtent(extent, "EPSG:4326", "EPSG:3857");
  return [west, south, east, north];
}

/** A box of EPSG:3857 metres in degrees. */
export function toDegrees(box: number[]): Extent {
  const [west = 0, south = 0, east = 0, north = 0] = transformExtent(box, "EPSG:3857", "EPSG:4326");
  return [west, south, east, north];
}

function pair(numbers: number[] | undefined): [number, number] {
  const [first = 0, second = 0] = numbers ?? [];
  return [first, second];
}

function shift(value: number, low: number, high: number): number {
  if (low > high) return 0;
  if (value < low) return value - low;
  return value > high ? value - high : 0;
}

function middle([west, south, east, north]: Extent): LonLat {
  return [(west + east) / 2, (south + north) / 2];
}

function duration(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;
}
