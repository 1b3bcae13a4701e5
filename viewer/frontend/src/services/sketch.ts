// SPDX-License-Identifier: MIT
import { toZone } from "./coordinates";
import { formatNumber } from "./format";
import type { Language, LonLat, Zone } from "./model";

export type SketchKind = "point" | "line" | "polygon";

/** What the reader has drawn: vertices in degrees and a note. */
/** Under this name the browser keeps the drawings. */
export const KEPT_SKETCHES = "xanh-sketches";

export interface Sketch {
  kind: SketchKind;
  points: LonLat[];
  note: string;
}

/** How many vertices a kind needs to be something. */
export const LEAST: Record<SketchKind, number> = { point: 1, line: 2, polygon: 3 };

const MOST_SKETCHES = 200;
const MOST_POINTS = 2000;
// A zone of three degrees reaches a degree and a half from its meridian; a little more is still exact enough.
const REACH = 1.6;

/** The zone to compute in: the preferred one where it reaches, else the one whose meridian is nearest. */
export function zoneFor(points: readonly LonLat[], zones: readonly Zone[], preferred: Zone | undefined): Zone | undefined {
  const middle = points.reduce((sum, [lon]) => sum + lon, 0) / Math.max(points.length, 1);
  const distance = (zone: Zone): number => Math.abs(meridianOf(zone) - middle);
  if (preferred !== undefined && distance(preferred) <= REACH) return preferred;
  return [...zones].sort((a, b) => distance(a) - distance(b))[0] ?? preferred;
}

function meridianOf(zone: Zone): number {
  return Number(/\+lon_0=(-?[\d.]+)/.exec(zone.proj4)?.[1] ?? NaN);
}

/** Metres along the points in the plane of the zone; back to the first when `closed`. */
export function lengthOf(points: readonly LonLat[], zone: Zone, closed = false): number {
  const plane = points.map((point) => toZone(point, zone));
  const ends = closed ? [...plane, ...plane.slice(0, 1)] : plane;
  return ends.slice(1).reduce((sum, { x, y }, at) => sum + Math.hypot(x - (ends[at]?.x ?? x), y - (ends[at]?.y ?? y)), 0);
}

/** Square metres of the ring in the plane of the zone. */
export function areaOf(points: readonly LonLat[], zone: Zone): number {
  const plane = points.map((point) => toZone(point, zone));
  const twice = plane.reduce((sum, a, at) => {
    const b = plane[(at + 1) % plane.length] ?? a;
    return sum + a.y * b.x - b.y * a.x;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Grid bearing from the first point to the last: degrees clockwise from the zone's north, 0 to 360. */
export function bearingOf(points: readonly LonLat[], zone: Zone): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const [a, b] = [toZone(first, zone), toZone(last, zone)];
  return ((Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI + 360) % 360;
}

/** 850 m, 12,35 km. */
export function formatLength(metres: number, language: Language): string {
  return metres < 1000 ? `${formatNumber(metres, language, 1)} m` : `${formatNumber(metres / 1000, language, 3)} km`;
}

/** 850 m², 1,2 ha, 12,35 km². */
export function formatArea(square: number, language: Language): string {
  if (square < 10_000) return `${formatNumber(square, language, 1)} m²`;
  return square < 1_000_000 ? `${formatNumber(square / 10_000, language, 3)} ha` : `${formatNumber(square / 1_000_000, language, 3)} km²`;
}

/** 37°05′12″. */
export function formatBearing(degrees: number): string {
  const seconds = Math.round(degrees * 3600) % (360 * 3600);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}°${two((seconds % 3600) / 60)}′${two(seconds % 60)}″`;
}

/** The sketches as GeoJSON, notes and all. */
export function toGeoJson(sketches: readonly Sketch[]): string {
  const features = sketches.map(({ kind, points, note }) => ({ type: "Feature", properties: { note }, geometry: geometryOf(kind, points) }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

function geometryOf(kind: SketchKind, points: readonly LonLat[]): object {
  if (kind === "point") return { type: "Point", coordinates: points[0] };
  if (kind === "line") return { type: "LineString", coordinates: points };
  return { type: "Polygon", coordinates: [[...points, points[0]]] };
}

/** Sketches kept by the browser; whatever is not one is left out. */
export function readSketches(text: string | null): Sketch[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSketch).slice(0, MOST_SKETCHES) : [];
  } catch {
    return [];
  }
}

function isSketch(one: unknown): one is Sketch {
  if (typeof one !== "object" || one === null) return false;
  const { kind, points, note } = one as Partial<Record<keyof Sketch, unknown>>;
  if (typeof kind !== "string" || !(kind in LEAST) || typeof note !== "string" || !Array.isArray(points)) return false;
  return points.length >= LEAST[kind as SketchKind] && points.length <= MOST_POINTS && points.every(isPoint);
}

function isPoint(one: unknown): boolean {
  return Array.isArray(one) && one.length === 2 && one.every((value) => typeof value === "number" && Number.isFinite(value));
}
