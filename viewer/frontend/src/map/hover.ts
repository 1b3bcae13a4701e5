// SPDX-License-Identifier: MIT
import type { Coordinate } from "ol/coordinate.js";
import Feature from "ol/Feature.js";
import { linearRingContainsXY } from "ol/geom/flat/contains.js";
import Point from "ol/geom/Point.js";
import { fromExtent } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import type OlMap from "ol/Map.js";
import { squaredSegmentDistance } from "ol/math.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import OlStroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { element } from "../panels/dom";
import { formatNumber } from "../services/format";
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { radiusOf } from "./clusters";
import { trace } from "./paint";
import type { Themes } from "./themes";
import type { Shape, TileCoordinate } from "./tile-store";
import type { VectorPicture } from "./vector-picture";

// Below the ring around the chosen object.
const BELOW_CHOSEN = 9000;
const POINT_PIXELS = 12;
const LINE_PIXELS = 5;
const LONGEST = 160;

interface Touched {
  layer: Layer;
  vector: VectorPicture;
  shape: Shape;
  /** How many objects a sign stands for. */
  count: number;
}

/** Under a mouse, names what is drawn from vector tiles and traces it; a finger taps instead, a keyboard has the list. */
export function followHover(map: OlMap, session: Session, themes: Themes): void {
  const source = new VectorSource({ useSpatialIndex: false });
  map.addLayer(new VectorLayer({ source, zIndex: BELOW_CHOSEN, updateWhileInteracting: true }));
  const tip = element("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  map.getViewport().append(tip);
  let shown = "";
  let frame = 0;
  const clear = (): void => {
    cancelAnimationFrame(frame);
    if (shown === "") return;
    shown = "";
    source.clear(true);
    tip.hidden = true;
    map.getTargetElement().classList.remove("over");
  };
  const look = (at: Coordinate, [x = 0, y = 0]: number[]): void => {
    const touched = session.isSketching ? null : findTouched(map, themes, at);
    if (touched === null) {
      clear();
      return;
    }
    place(tip, map, [x, y]);
    const key = `${touched.layer.id}.${String(touched.shape.id)}`;
    if (key === shown) return;
    shown = key;
    tip.replaceChildren(element("strong", {}, titleOf(touched, session)), element("span", {}, touched.layer.title));
    tip.hidden = false;
    map.getTargetElement().classList.add("over");
    source.clear(true);
    source.addFeatures(outline(touched));
  };
  map.on("pointermove", (event) => {
    const { originalEvent, coordinate, pixel } = event;
    if (event.dragging || (originalEvent instanceof PointerEvent && originalEvent.pointerType !== "mouse")) {
      clear();
      return;
    }
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      look(coordinate, pixel);
    });
  });
  map.getViewport().addEventListener("pointerleave", clear);
  map.on("movestart", clear);
}

function titleOf({ layer, shape, count }: Touched, session: Session): string {
  if (count > 1) return session.texts.joined(formatNumber(count, session.config.language));
  const title = layer.titleField === null ? null : shape.properties[layer.titleField];
  return typeof title === "string" && title !== "" ? title.slice(0, LONGEST) : session.texts.unnamed;
}

/** The tip stays inside the map, above the pointer where there is room. */
function place(tip: HTMLElement, map: OlMap, [x, y]: [number, number]): void {
  const [width = 0] = map.getSize() ?? [];
  tip.style.setProperty("left", `${Math.min(Math.max(x, 120), width - 120)}px`);
  tip.style.setProperty("top", `${y < 80 ? y + 24 : y - 14}px`);
  tip.classList.toggle("under", y < 80);
}

/** The topmost shape under the pointer; of points the nearest. */
function findTouched(map: OlMap, themes: Themes, [x = 0, y = 0]: Coordinate): Touched | null {
  const resolution = map.getView().getResolution() ?? 1;
  for (const [layer, vector] of themes.vectors()) {
    const cluster = vector.clusterAt([x, y]);
    if (cluster !== null) {
      const sign: Shape = { id: `+${cluster.at.join()}`, properties: {}, kind: "point", flat: [...cluster.at], ends: [2] };
      return { layer, vector, shape: sign, count: cluster.shapes.length };
    }
    const tile = vector.tileAt([x, y]);
    const shape = nearest(vector.drawnIn(tile), [x, y], resolution);
    if (shape !== null) return { layer, vector, shape, count: 1 };
  }
  return null;
}

function nearest(shapes: readonly Shape[], [x, y]: [number, number], resolution: number): Shape | null {
  let best: Shape | null = null;
  let least = Infinity;
  for (const shape of shapes) {
    const distance = distanceTo(shape, x, y) / resolution;
    const reach = shape.kind === "point" ? POINT_PIXELS : shape.kind === "line" ? LINE_PIXELS : 0;
    // Of equals the later one lies on top.
    if (distance > reach || distance > least) continue;
    best = shape;
    least = distance;
  }
  return best;
}

/** Metres from a place to a shape; 0 inside an area, far away outside it. */
function distanceTo(shape: Shape, x: number, y: number): number {
  if (shape.kind === "point") return Math.hypot((shape.flat[0] ?? 0) - x, (shape.flat[1] ?? 0) - y);
  return shape.kind === "line" ? distanceToLine(shape, x, y) : isInside(shape, x, y) ? 0 : Infinity;
}

function isInside({ flat, ends }: Shape, x: number, y: number): boolean {
  const around = ends.filter((end, at) => linearRingContainsXY(flat, ends[at - 1] ?? 0, end, 2, x, y));
  return around.length % 2 === 1;
}

function distanceToLine({ flat, ends }: Shape, x: number, y: number): number {
  let [from, least] = [0, Infinity];
  for (const end of ends) {
    for (let at = from; at + 3 < end; at += 2) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = flat.slice(at, at + 4);
      least = Math.min(least, squaredSegmentDistance(x, y, x1, y1, x2, y2));
    }
    from = end;
  }
  return Math.sqrt(least);
}

/** A ring around a point; of lines and areas the pieces in the tiles of the view, each inside its tile alone, so that no cut shows. */
function outline({ vector, shape, count }: Touched): Feature[] {
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--brand").trim() || "green";
  if (shape.kind === "point") {
    const ring = new Feature(new Point(shape.flat.slice(0, 2)));
    ring.setStyle(new Style({ image: new CircleStyle({ radius: count > 1 ? radiusOf(count) : 13, stroke: new OlStroke({ color: colour, width: 2.5 }) }) }));
    return [ring];
  }
  return vector.tilesInView().flatMap((tile) =>
    vector
      .drawnIn(tile)
      .filter(({ id }) => id === shape.id)
      .map((piece) => traced(vector, tile, piece, colour)),
  );
}

function traced(vector: VectorPicture, tile: TileCoordinate, piece: Shape, colour: string): Feature {
  const [west = 0, south = 0, east = 0, north = 0] = vector.extentOf(tile);
  const made = new Feature(fromExtent([west, south, east, north]));
  made.setStyle(
    new Style({
      renderer: (corners, { context }) => {
        // The corners of the tile in pixels: the ring begins at the lower left and goes by the upper left.
        const [ring = []] = corners as Coordinate[][];
        const [x0 = 0, y0 = 0] = ring[1] ?? [];
        const [x1 = 0, y1 = 0] = ring[3] ?? [];
        const scale = (x1 - x0) / (east - west);
        context.save();
        context.beginPath();
        context.rect(x0, y0, x1 - x0, y1 - y0);
        context.clip();
        context.translate(x0, y0);
        trace({ context, left: west, top: north, scale, ratio: 1, zoom: 0 }, piece);
        context.strokeStyle = colour;
        context.lineWidth = 3;
        context.setLineDash([]);
        context.globalAlpha = 1;
        context.stroke();
        context.restore();
      },
    }),
  );
  return made;
}
