// SPDX-License-Identifier: MIT
/** How a layer is drawn from vector tiles: the style document the server makes of its SLD, made ready for drawing. */
import { compile, type Read, type Subject, toNumber, toText, Unsupported } from "./expression";
import { fetchJson } from "./request";

const KINDS = ["fill", "line", "circle", "symbol"] as const;
type Kind = (typeof KINDS)[number];

/** One layer of the document: from `low` (zoom of 512-pixel tiles) on and below `high`. */
export interface Stroke {
  kind: Kind;
  low: number;
  high: number;
  where: Read | null;
  read: (name: string) => Read | null;
  /** A constant of the document. */
  constant: (name: string) => unknown;
}

/** What is drawn feature by feature, the first below. */
export interface Pass {
  strokes: Stroke[];
  /** The lowest is drawn first; null keeps the order of the ids. */
  order: Read | null;
}

export interface Icon {
  x: number;
  y: number;
  width: number;
  height: number;
  pixelRatio: number;
}

export interface Look {
  /** Shapes and symbols that may lie on each other. */
  passes: Pass[];
  /** Labels, and symbols that keep clear of each other. */
  labels: Stroke[];
  /** Whether icons are needed. */
  hasIcons: boolean;
}

interface StyleLayer {
  id: string;
  type: string;
  minzoom?: number;
  maxzoom?: number;
  filter?: unknown;
  layout?: Record<string, unknown>;
  paint?: Record<string, unknown>;
}

interface StyleDocument {
  metadata?: Record<string, unknown>;
  layers: StyleLayer[];
}

const LOSSES = "xanh:losses";
// What this map leaves to the server.
const LEFT = ["text-variable-anchor", "fill-translate", "line-translate", "circle-translate"];
const STRAIGHT = ["line-offset", "text-letter-spacing"];

/** Address of a layer's things for vector tiles: the style document, its icons, or a tile. */
export function tilesAddress(layer: string, rest: string): string {
  return `/tiles/${encodeURIComponent(layer)}/${rest}`;
}

/** The look of a layer in a style. Throws RequestError, and Unsupported when the server or this map cannot draw all of it from tiles. */
export async function loadLook(layer: string, style: string, arePoints: boolean): Promise<Look> {
  return readLook((await fetchJson(tilesAddress(layer, `styles/${encodeURIComponent(style)}.json`))) as StyleDocument, arePoints);
}

/** Reads a style document; the symbols of lines and areas are labels, because tiles hold pieces of them. Throws Unsupported. */
export function readLook(document: StyleDocument, arePoints: boolean): Look {
  const losses = document.metadata?.[LOSSES];
  if (Array.isArray(losses) && losses.length > 0) throw new Unsupported(losses.map(String).join("; "));
  const passes = new Map<string, Pass>();
  const labels: Stroke[] = [];
  for (const layer of document.layers) {
    const stroke = readStroke(layer, arePoints);
    if (isLabel(layer, arePoints)) {
      labels.push(stroke);
      continue;
    }
    const name = layer.id.split(".")[0] ?? "";
    const pass = passes.get(name) ?? { strokes: [], order: stroke.read(`${layer.type}-sort-key`) };
    pass.strokes.push(stroke);
    passes.set(name, pass);
  }
  const hasIcons = document.layers.some(({ layout, paint }) => layout?.["icon-image"] !== undefined || paint?.["fill-pattern"] !== undefined);
  return { passes: [...passes.values()], labels, hasIcons };
}

/** A symbol that asks whether there is room for it. */
function isLabel({ type, layout }: StyleLayer, arePoints: boolean): boolean {
  return type === "symbol" && (!arePoints || layout?.["text-field"] !== undefined || layout?.["icon-allow-overlap"] !== true);
}

function readStroke(layer: StyleLayer, arePoints: boolean): Stroke {
  const kind = KINDS.find((one) => one === layer.type);
  const told = { ...layer.layout, ...layer.paint };
  if (kind === undefined || (kind === "circle" && !arePoints)) throw new Unsupported(layer.type);
  requireSimple(told);
  // Lists of numbers and of fonts are no expressions.
  const made = Object.entries(told).flatMap(([name, value]): [string, Read][] => (isPlainList(value) ? [] : [[name, compile(value)]]));
  const reads = new Map(made);
  return {
    kind,
    low: layer.minzoom ?? 0,
    high: layer.maxzoom ?? Infinity,
    where: whereOf(layer.filter),
    read: (name) => reads.get(name) ?? null,
    constant: (name) => told[name],
  };
}

/** Throws Unsupported for what this map leaves to the server. */
function requireSimple(told: Record<string, unknown>): void {
  for (const name of LEFT) if (told[name] !== undefined) throw new Unsupported(name);
  for (const name of STRAIGHT) if (told[name] !== undefined && told[name] !== 0) throw new Unsupported(name);
  if (told["symbol-placement"] === "line" && told["icon-image"] !== undefined) throw new Unsupported("symbols along lines");
}

function whereOf(filter: unknown): Read | null {
  if (filter === undefined) return null;
  return filter === false ? () => false : compile(filter);
}

function isPlainList(value: unknown): boolean {
  return Array.isArray(value) && (typeof value[0] === "number" || value.length === 1);
}

/** Whether something is drawn of a feature at a zoom. */
export function draws(stroke: Stroke, subject: Subject, zoom: number): boolean {
  return zoom >= stroke.low && zoom < stroke.high && (stroke.where === null || stroke.where(subject, zoom) === true);
}

/** Whether anything at all of a feature is drawn at a zoom. */
export function isDrawn(look: Look, subject: Subject, zoom: number): boolean {
  return look.passes.some(({ strokes }) => strokes.some((stroke) => draws(stroke, subject, zoom))) || look.labels.some((one) => draws(one, subject, zoom));
}

/** A number of a stroke for a feature; 0 where the document does not say. */
export function numberOf(stroke: Stroke, name: string, subject: Subject, zoom: number): number {
  return toNumber(stroke.read(name)?.(subject, zoom));
}

/** A share from 0 to 1; all of it where the document does not say. */
export function shareOf(stroke: Stroke, name: string, subject: Subject, zoom: number): number {
  return stroke.read(name) === null ? 1 : numberOf(stroke, name, subject, zoom);
}

/** A text of a stroke for a feature; empty where the document does not say. */
export function textOf(stroke: Stroke, name: string, subject: Subject, zoom: number): string {
  return toText(stroke.read(name)?.(subject, zoom));
}
