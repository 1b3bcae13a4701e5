// SPDX-License-Identifier: MIT
import Feature from "ol/Feature.js";
import type { Extent } from "ol/extent.js";
import { getArea, intersects } from "ol/extent.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import Polygon from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Icon from "ol/style/Icon.js";
import OlStroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text, { type Options as TextOptions } from "ol/style/Text.js";
import { toNumber } from "../services/expression";
import { draws, type Look, numberOf, type Stroke, shareOf, textOf } from "../services/look";
import type { Icons } from "./icons";
import { extentOf, type Shape } from "./tile-store";

// A view holds no more labels than can be read.
const MOST = 2000;
const WEIGHTS: Record<string, string> = { Medium: "500", SemiBold: "600" };

/** What a view shows of a layer. */
export interface Scene {
  look: Look;
  icons: Icons;
  zoom: number;
  box: Extent;
  shapes: Iterable<Shape>;
}

/** A layer for the labels of a theme; all such layers keep clear of each other. */
export function createLabels(zIndex: number): VectorLayer<VectorSource> {
  return new VectorLayer({
    source: new VectorSource({ useSpatialIndex: false }),
    declutter: true,
    zIndex,
    updateWhileAnimating: true,
  });
}

/** The labels, and symbols that keep clear of each other, of a view; the first have first choice of a place. */
export function labelsOf({ look, icons, zoom, box, shapes }: Scene): Feature[] {
  const strokes = look.labels.filter(({ low, high }) => zoom >= low && zoom < high);
  if (strokes.length === 0) return [];
  const whole = [...shapes];
  return strokes.flatMap((stroke) => {
    const drawn = largestPieces(whole.filter((shape) => draws(stroke, shape, zoom)), box);
    const rank = stroke.read("symbol-sort-key");
    if (rank !== null) drawn.sort((one, other) => toNumber(rank(one, zoom)) - toNumber(rank(other, zoom)));
    const write = writer(stroke, icons, zoom);
    return drawn.slice(0, MOST).map(write);
  });
}

/** Of the pieces of each feature the largest inside the box: a feature bears one label, wherever tiles cut it. */
function largestPieces(shapes: readonly Shape[], box: Extent): Shape[] {
  const found = new Map<unknown, [number, Shape]>();
  for (const shape of shapes) {
    const extent = extentOf(shape);
    if (!intersects(extent, box)) continue;
    const size = shape.kind === "line" ? shape.flat.length : getArea(extent);
    const other = found.get(shape.id);
    if (other === undefined || other[0] < size) found.set(shape.id, [size, shape]);
  }
  return [...found.values()].map(([, shape]) => shape);
}

function writer(stroke: Stroke, icons: Icons, zoom: number): (shape: Shape) => Feature {
  const styles = new Map<string, Style>();
  return (shape) => {
    const words = textOf(stroke, "text-field", shape, zoom);
    const picture = textOf(stroke, "icon-image", shape, zoom);
    const key = `${words}|${picture}|${textOf(stroke, "text-color", shape, zoom)}|${numberOf(stroke, "text-size", shape, zoom)}`;
    const style = styles.get(key) ?? styleOf(stroke, shape, icons, zoom);
    styles.set(key, style);
    const feature = new Feature(placeOf(stroke, shape));
    feature.setStyle(style);
    return feature;
  };
}

function placeOf(stroke: Stroke, { kind, flat, ends }: Shape): Point | LineString {
  const [x = 0, y = 0] = flat;
  if (kind === "point") return new Point([x, y]);
  if (kind === "line") {
    const line = new LineString(flat.slice(0, ends[0]), "XY");
    return isAlong(stroke) ? line : new Point(line.getCoordinateAt(0.5));
  }
  // The longest ring stands for the area.
  const starts = ends.map((_, at) => ends[at - 1] ?? 0);
  const longest = ends.reduce((best, end, at) => (end - (starts[at] ?? 0) > (ends[best] ?? 0) - (starts[best] ?? 0) ? at : best), 0);
  const ring = flat.slice(starts[longest], ends[longest]);
  const [inX = x, inY = y] = new Polygon(ring, "XY", [ring.length]).getInteriorPoint().getCoordinates();
  return new Point([inX, inY]);
}

function isAlong(stroke: Stroke): boolean {
  return stroke.constant("symbol-placement") === "line";
}

function styleOf(stroke: Stroke, shape: Shape, icons: Icons, zoom: number): Style {
  const words = textOf(stroke, "text-field", shape, zoom);
  const icon = iconOf(stroke, shape, icons, zoom);
  return new Style({ ...(icon === null ? {} : { image: icon }), ...(words === "" ? {} : { text: labelOf(stroke, shape, words, zoom) }) });
}

function iconOf(stroke: Stroke, shape: Shape, icons: Icons, zoom: number): Icon | null {
  const picture = icons.pictures.get(textOf(stroke, "icon-image", shape, zoom));
  if (picture === undefined) return null;
  const [right = 0, down = 0] = (stroke.constant("icon-offset") as number[] | undefined) ?? [];
  return new Icon({
    img: picture,
    scale: (stroke.read("icon-size") === null ? 1 : numberOf(stroke, "icon-size", shape, zoom)) / icons.ratio,
    rotation: (numberOf(stroke, "icon-rotate", shape, zoom) * Math.PI) / 180,
    opacity: shareOf(stroke, "icon-opacity", shape, zoom),
    displacement: [right, -down],
    declutterMode: stroke.constant("icon-allow-overlap") === true ? "none" : "declutter",
  });
}

function labelOf(stroke: Stroke, shape: Shape, words: string, zoom: number): Text {
  const size = numberOf(stroke, "text-size", shape, zoom);
  const font = fontOf(stroke, size);
  const halo = numberOf(stroke, "text-halo-width", shape, zoom);
  const padding = numberOf(stroke, "text-padding", shape, zoom);
  const along = isAlong(stroke);
  return new Text({
    text: along ? words : wrap(words, font, numberOf(stroke, "text-max-width", shape, zoom) * size),
    font,
    fill: new Fill({ color: textOf(stroke, "text-color", shape, zoom) }),
    padding: [padding, padding, padding, padding],
    declutterMode: stroke.constant("text-allow-overlap") === true ? "none" : "declutter",
    ...(halo > 0 ? { stroke: new OlStroke({ color: textOf(stroke, "text-halo-color", shape, zoom), width: halo * 2 }) } : {}),
    ...(along ? followOf(stroke, shape, zoom) : standOf(stroke, shape, zoom, size)),
  });
}

/** How a label goes along a line. */
function followOf(stroke: Stroke, shape: Shape, zoom: number): TextOptions {
  const repeat = numberOf(stroke, "symbol-spacing", shape, zoom);
  const bend = (numberOf(stroke, "text-max-angle", shape, zoom) * Math.PI) / 180;
  return { placement: "line", maxAngle: bend, ...(repeat > 0 && repeat < 1000 ? { repeat } : {}) };
}

/** How a label stands at a point. */
function standOf(stroke: Stroke, shape: Shape, zoom: number, size: number): TextOptions {
  const [right = 0, down = 0] = (stroke.constant("text-offset") as number[] | undefined) ?? [];
  const anchor = textOf(stroke, "text-anchor", shape, zoom);
  return {
    offsetX: right * size,
    offsetY: down * size,
    textAlign: anchor.endsWith("left") ? "left" : anchor.endsWith("right") ? "right" : "center",
    textBaseline: anchor.startsWith("top") ? "top" : anchor.startsWith("bottom") ? "bottom" : "middle",
  };
}

/** `Be Vietnam Pro SemiBold Italic` as browsers name it. */
function fontOf(stroke: Stroke, size: number): string {
  const [face] = (stroke.constant("text-font") as string[] | undefined) ?? [];
  const [, family = "sans-serif", weight = "", italic] = /^(.*?)(?: (Regular|Medium|SemiBold))?( Italic)?$/.exec(face ?? "") ?? [];
  return `${italic === undefined ? "" : "italic "}${WEIGHTS[weight] ?? "400"} ${size}px "${family}"`;
}

const ruler = document.createElement("canvas").getContext("2d");

/** Breaks words into lines of at most `width` pixels where a space allows it. */
function wrap(words: string, font: string, width: number): string {
  if (ruler === null || width <= 0) return words;
  ruler.font = font;
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && ruler.measureText(`${last} ${word}`).width <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
