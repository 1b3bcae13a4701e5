// SPDX-License-Identifier: MIT
import { draws, type Look, numberOf, type Pass, shareOf, type Stroke, textOf } from "../services/look";
import { toNumber } from "../services/expression";
import type { Icons } from "./icons";
import type { Shape } from "./tile-store";

/** Where shapes are painted: a canvas whose upper left corner is `left`, `top` (EPSG:3857), `scale` pixels to a metre, `ratio` to a CSS pixel. */
export interface Ground {
  context: CanvasRenderingContext2D;
  left: number;
  top: number;
  scale: number;
  ratio: number;
  zoom: number;
}

const MITER = 10;

/** Paints everything of a look but the labels, pass by pass, in each pass feature by feature. */
export function paint(ground: Ground, look: Look, shapes: readonly Shape[], icons: Icons): void {
  const brush = new Brush(ground, icons);
  for (const pass of look.passes) {
    const strokes = pass.strokes.filter(({ low, high }) => ground.zoom >= low && ground.zoom < high);
    if (strokes.length === 0) continue;
    for (const shape of inOrder(pass, shapes, ground.zoom)) {
      for (const stroke of strokes) if (draws(stroke, shape, ground.zoom)) brush.apply(stroke, shape);
    }
  }
}

function inOrder({ order }: Pass, shapes: readonly Shape[], zoom: number): readonly Shape[] {
  if (order === null) return shapes;
  const ranked = shapes.map((shape): [number, Shape] => [toNumber(order(shape, zoom)), shape]);
  return ranked.sort(([one], [other]) => one - other).map(([, shape]) => shape);
}

class Brush {
  readonly #ground: Ground;
  readonly #icons: Icons;
  // Symbols drawn once and stamped as often as needed: a hundred thousand circles would take seconds otherwise.
  readonly #stamps = new Map<string, HTMLCanvasElement>();

  constructor(ground: Ground, icons: Icons) {
    this.#ground = ground;
    this.#icons = icons;
  }

  apply(stroke: Stroke, shape: Shape): void {
    if (stroke.kind === "circle") this.#circle(stroke, shape);
    else if (stroke.kind === "symbol") this.#symbol(stroke, shape);
    else if (stroke.kind === "line") this.#line(stroke, shape);
    else if (shape.kind === "area") this.#fill(stroke, shape);
  }

  #circle(stroke: Stroke, shape: Shape): void {
    if (shape.kind !== "point") return;
    const { zoom, ratio } = this.#ground;
    const radius = numberOf(stroke, "circle-radius", shape, zoom) * ratio;
    const width = numberOf(stroke, "circle-stroke-width", shape, zoom) * ratio;
    const fill = textOf(stroke, "circle-color", shape, zoom);
    const line = textOf(stroke, "circle-stroke-color", shape, zoom);
    const shares = [shareOf(stroke, "circle-opacity", shape, zoom), shareOf(stroke, "circle-stroke-opacity", shape, zoom)] as const;
    const key = `${radius} ${width} ${fill} ${line} ${shares.join(" ")}`;
    let stamp = this.#stamps.get(key);
    if (stamp === undefined) {
      stamp = drawCircle(radius, width, [fill, line], shares);
      this.#stamps.set(key, stamp);
    }
    this.#stamp(shape, stamp, 1, [0, 0]);
  }

  #symbol(stroke: Stroke, shape: Shape): void {
    const { zoom, ratio, context } = this.#ground;
    const picture = this.#icons.pictures.get(textOf(stroke, "icon-image", shape, zoom));
    if (picture === undefined || shape.kind !== "point") return;
    const size = (stroke.read("icon-size") === null ? 1 : numberOf(stroke, "icon-size", shape, zoom)) * (ratio / this.#icons.ratio);
    const [right = 0, down = 0] = (stroke.constant("icon-offset") as number[] | undefined) ?? [];
    context.globalAlpha = shareOf(stroke, "icon-opacity", shape, zoom);
    const turn = numberOf(stroke, "icon-rotate", shape, zoom);
    this.#stamp(shape, picture, size, [right * ratio, down * ratio], turn);
    context.globalAlpha = 1;
  }

  #stamp(shape: Shape, picture: HTMLCanvasElement, size: number, [right, down]: readonly [number, number], turn = 0): void {
    const { context, left, top, scale } = this.#ground;
    const [width, height] = [picture.width * size, picture.height * size];
    for (let at = 0; at + 1 < shape.flat.length; at += 2) {
      const x = ((shape.flat[at] ?? 0) - left) * scale + right;
      const y = (top - (shape.flat[at + 1] ?? 0)) * scale + down;
      if (turn === 0) {
        context.drawImage(picture, x - width / 2, y - height / 2, width, height);
        continue;
      }
      context.save();
      context.translate(x, y);
      context.rotate((turn * Math.PI) / 180);
      context.drawImage(picture, -width / 2, -height / 2, width, height);
      context.restore();
    }
  }

  #line(stroke: Stroke, shape: Shape): void {
    const { context, zoom, ratio } = this.#ground;
    const width = numberOf(stroke, "line-width", shape, zoom) * ratio;
    if (shape.kind === "point" || width === 0) return;
    const dashes = (stroke.constant("line-dasharray") as number[] | undefined) ?? [];
    context.setLineDash(dashes.map((length) => length * width));
    context.lineCap = textOf(stroke, "line-cap", shape, zoom) as CanvasLineCap;
    context.lineJoin = textOf(stroke, "line-join", shape, zoom) as CanvasLineJoin;
    context.miterLimit = MITER;
    context.strokeStyle = textOf(stroke, "line-color", shape, zoom);
    context.lineWidth = width;
    context.globalAlpha = shareOf(stroke, "line-opacity", shape, zoom);
    trace(this.#ground, shape);
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  #fill(stroke: Stroke, shape: Shape): void {
    const { context, zoom } = this.#ground;
    const pattern = this.#icons.pictures.get(textOf(stroke, "fill-pattern", shape, zoom));
    const colour = pattern === undefined ? textOf(stroke, "fill-color", shape, zoom) : this.#pattern(pattern);
    if (colour === "" || colour === null) return;
    context.fillStyle = colour;
    context.globalAlpha = shareOf(stroke, "fill-opacity", shape, zoom);
    trace(this.#ground, shape);
    context.fill("evenodd");
    context.globalAlpha = 1;
  }

  /** A pattern that goes on from tile to tile. */
  #pattern(picture: HTMLCanvasElement): CanvasPattern | null {
    const { context, left, top, scale, ratio } = this.#ground;
    const made = context.createPattern(picture, "repeat");
    const size = ratio / this.#icons.ratio;
    const [across, down] = [(left * scale) % (picture.width * size), (-top * scale) % (picture.height * size)];
    made?.setTransform(new DOMMatrix([size, 0, 0, size, -across, -down]));
    return made;
  }
}

/** Lays the lines of a shape as the path of the canvas. */
export function trace({ context, left, top, scale }: Ground, shape: Shape): void {
  context.beginPath();
  let from = 0;
  for (const end of shape.ends) {
    for (let at = from; at + 1 < end; at += 2) {
      const x = ((shape.flat[at] ?? 0) - left) * scale;
      const y = (top - (shape.flat[at + 1] ?? 0)) * scale;
      if (at === from) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    if (shape.kind === "area") context.closePath();
    from = end;
  }
}

function drawCircle(radius: number, width: number, [fill, line]: readonly [string, string], [inner, outer]: readonly [number, number]): HTMLCanvasElement {
  const half = Math.ceil(radius + width / 2 + 1);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = half * 2;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.arc(half, half, radius, 0, 2 * Math.PI);
  context.globalAlpha = inner;
  context.fillStyle = fill;
  context.fill();
  if (width === 0) return canvas;
  context.globalAlpha = outer;
  context.strokeStyle = line;
  context.lineWidth = width;
  context.stroke();
  return canvas;
}
