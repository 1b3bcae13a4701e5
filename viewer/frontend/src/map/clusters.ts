// SPDX-License-Identifier: MIT
import { boundingExtent, type Extent } from "ol/extent.js";
import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Icon from "ol/style/Icon.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { draws, type Look, numberOf, shareOf, type Stroke as Drawing, textOf } from "../services/look";
import type { Icons } from "./icons";
import type { Shape } from "./tile-store";

// Cells of a tile of 512 pixels; they never reach over its edge, so each object is counted once.
const CELLS = 8;
// Above the labels and symbols of the same layer.
const SIGN_INDEX = 2;

/** Points of a layer that lie together; `box` in EPSG:3857. */
export interface Cluster {
  at: [number, number];
  box: Extent;
  shapes: readonly Shape[];
}

/** The points of a tile, cell by cell: those that stand alone as clusters of one. What lies in the margin belongs to other tiles. */
export function clustersOf(tile: Extent, shapes: readonly Shape[]): Cluster[] {
  const cells = new Map<number, Shape[]>();
  for (const shape of shapes) {
    const cell = cellOf(tile, shape);
    const found = cells.get(cell);
    if (found !== undefined) found.push(shape);
    else if (cell >= 0) cells.set(cell, [shape]);
  }
  return [...cells.values()].map(join);
}

/** The number of the cell a point lies in; -1 outside the tile. */
function cellOf([west = 0, south = 0, east = 0, north = 0]: Extent, { flat: [x = 0, y = 0] }: Shape): number {
  const column = Math.floor(((x - west) / (east - west)) * CELLS);
  const row = Math.floor(((north - y) / (north - south)) * CELLS);
  const isInside = Math.min(column, row) >= 0 && Math.max(column, row) < CELLS;
  return isInside ? row * CELLS + column : -1;
}

function join(shapes: Shape[]): Cluster {
  const places = shapes.map(({ flat: [x = 0, y = 0] }): [number, number] => [x, y]);
  const [x, y] = places.reduce(([sumX, sumY], [oneX, oneY]) => [sumX + oneX, sumY + oneY], [0, 0]);
  return { at: [x / places.length, y / places.length], box: boundingExtent(places), shapes };
}

/** How many CSS pixels the sign of so many objects reaches around its middle. */
export function radiusOf(count: number): number {
  return 10 + 3 * String(count).length;
}

/** The sign of a cluster; a point that stands alone in its own symbols. */
export function signOf({ at, shapes }: Cluster, look: Look, icons: Icons, zoom: number, write: (count: number) => string): Feature | null {
  const [only] = shapes;
  const feature = new Feature(new Point(at));
  if (shapes.length === 1 && only !== undefined) {
    const strokes = look.passes.flatMap((pass) => pass.strokes.filter((stroke) => draws(stroke, only, zoom)));
    feature.setStyle(strokes.flatMap((stroke) => symbolOf(stroke, only, icons, zoom) ?? []));
    return strokes.length === 0 ? null : feature;
  }
  const tokens = getComputedStyle(document.documentElement);
  const colour = (name: string): string => tokens.getPropertyValue(name).trim();
  feature.setStyle(
    new Style({
      zIndex: SIGN_INDEX,
      image: new CircleStyle({
        radius: radiusOf(shapes.length),
        fill: new Fill({ color: colour("--paper") }),
        stroke: new Stroke({ color: (only && colourOf(look, only)) ?? colour("--ink-2"), width: 2 }),
        declutterMode: "obstacle",
      }),
      text: new Text({ text: write(shapes.length), font: '600 11px "Be Vietnam Pro"', fill: new Fill({ color: colour("--ink") }), declutterMode: "none" }),
    }),
  );
  return feature;
}

/** The colour of the dots of a layer, at whatever scale it has any: it tells the signs of layers apart. */
function colourOf(look: Look, shape: Shape): string | null {
  const dots = look.passes.flatMap(({ strokes }) => strokes.filter(({ kind, where }) => kind === "circle" && (where === null || where(shape, 0) === true)));
  return dots[0] === undefined ? null : textOf(dots[0], "circle-color", shape, 0);
}

function symbolOf(stroke: Drawing, shape: Shape, icons: Icons, zoom: number): Style | null {
  if (stroke.kind === "circle") {
    const width = numberOf(stroke, "circle-stroke-width", shape, zoom);
    const line = new Stroke({ color: textOf(stroke, "circle-stroke-color", shape, zoom), width });
    const fill = new Fill({ color: textOf(stroke, "circle-color", shape, zoom) });
    const radius = numberOf(stroke, "circle-radius", shape, zoom);
    return new Style({ image: new CircleStyle({ radius, fill, ...(width > 0 ? { stroke: line } : {}), declutterMode: "obstacle" }) });
  }
  const picture = icons.pictures.get(textOf(stroke, "icon-image", shape, zoom));
  if (picture === undefined) return null;
  const scale = (stroke.read("icon-size") === null ? 1 : numberOf(stroke, "icon-size", shape, zoom)) / icons.ratio;
  return new Style({ image: new Icon({ img: picture, scale, opacity: shareOf(stroke, "icon-opacity", shape, zoom), declutterMode: "obstacle" }) });
}
