// SPDX-License-Identifier: MIT
import proj4 from "proj4";
import { formatNumber } from "./format";
import type { Extent, Language, LonLat, Zone } from "./model";

/** A place typed as coordinates, and how it was understood. */
export interface TypedPlace {
  point: LonLat;
  /** The zone when the numbers were VN-2000 metres, null for degrees. */
  zone: Zone | null;
}

const NORTH_MIN = 880_000;
const NORTH_MAX = 2_650_000;
const EAST_MIN = 150_000;
const EAST_MAX = 870_000;
const NUMBER = /[-+]?\d+(?:\.\d+)?/g;
// Anything but numbers, signs of degrees, the axes X and Y and the compass letters of both languages.
const FOREIGN = /[^\d\s.,;+\-°'"′’″”:xynsewbđtXYNSEWBĐT]/;

/** X (north) and Y (east) in metres of the zone. */
export function toZone(point: LonLat, zone: Zone): { x: number; y: number } {
  const [east, north] = proj4(zone.proj4, point);
  return { x: north, y: east };
}

/** Longitude and latitude of X (north) and Y (east) metres of the zone. */
export function fromZone(x: number, y: number, zone: Zone): LonLat {
  const [lon, lat] = proj4(zone.proj4).inverse([y, x]);
  return [lon, lat];
}

/** 10,4217° B 105,9463° Đ, or 10.4217° N 105.9463° E. */
export function formatDegrees([lon, lat]: LonLat, language: Language): string {
  const digits = (value: number): string =>
    new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", { minimumFractionDigits: 4, maximumFractionDigits: 4 }).format(
      Math.abs(value),
    );
  const [n, s, e, w] = language === "vi" ? ["B", "N", "Đ", "T"] : ["N", "S", "E", "W"];
  return `${digits(lat)}° ${lat < 0 ? s : n}  ${digits(lon)}° ${lon < 0 ? w : e}`;
}

/** X 1.152.563 Y 521.493 in the zone, whole metres. */
export function formatZone(point: LonLat, zone: Zone, language: Language): string {
  const { x, y } = toZone(point, zone);
  return `X ${formatNumber(x, language, 0)}  Y ${formatNumber(y, language, 0)}`;
}

/**
 * Reads "10.36, 106.36", "10,36 106,36", "10°21'36\"B 106°21'36\"Đ" or VN-2000 "1152563 521493" of the zone.
 * Either order is understood, because in Vietnam the two never overlap. Null when the text is not a place in `limit`.
 */
export function readPlace(text: string, zone: Zone, limit: Extent): TypedPlace | null {
  const cleaned = text.replace(/vn-?2000/i, " ").trim();
  if (FOREIGN.test(cleaned)) return null;
  for (const pair of readPairs(cleaned)) {
    const metres = readMetres(pair, zone);
    const point = metres ?? order(pair, limit);
    if (point !== null && isInside(point, limit)) return { point, zone: metres === null ? null : zone };
  }
  return null;
}

/** Every way the text can be two numbers, the likeliest first. */
function readPairs(text: string): [number, number][] {
  const spellings = [
    text.replace(/[,;]/g, " "), // 10.36, 106.36
    text.replace(/(\d)\.(?=\d{3}\b)/g, "$1").replace(/(\d),(?=\d)/g, "$1.").replace(/;/g, " "), // 10,36 106,36; 1.145.736,5
    text.replace(/(\d)[.,](?=\d{3}\b)/g, "$1"), // 1,145,736 566,604
  ];
  const sexagesimal = readSexagesimal(text);
  const plain = spellings.map(readPair).filter((pair) => pair !== null);
  return sexagesimal === null ? plain : [sexagesimal];
}

function readPair(text: string): [number, number] | null {
  const numbers = (text.match(NUMBER) ?? []).map(Number);
  const [first, second] = numbers;
  return numbers.length === 2 && first !== undefined && second !== undefined ? [first, second] : null;
}

function readSexagesimal(text: string): [number, number] | null {
  const part = /(\d{1,3})\s*°\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["″”]|''))?/g;
  const values = [...text.matchAll(part)].map(([, d = "0", m = "0", s = "0"]) => toNumber(d) + toNumber(m) / 60 + toNumber(s) / 3600);
  const [first, second] = values;
  return values.length === 2 && first !== undefined && second !== undefined ? [first, second] : null;
}

function toNumber(text: string): number {
  return Number(text.replace(",", "."));
}

function readMetres([a, b]: [number, number], zone: Zone): LonLat | null {
  if (isNorth(a) && isEast(b)) return fromZone(a, b, zone);
  if (isNorth(b) && isEast(a)) return fromZone(b, a, zone);
  return null;
}

function isNorth(value: number): boolean {
  return value > NORTH_MIN && value < NORTH_MAX;
}

function isEast(value: number): boolean {
  return value > EAST_MIN && value < EAST_MAX;
}

function order([a, b]: [number, number], limit: Extent): LonLat | null {
  const candidates: LonLat[] = [
    [b, a],
    [a, b],
  ];
  return candidates.find((point) => isInside(point, limit)) ?? null;
}

function isInside([lon, lat]: LonLat, [west, south, east, north]: Extent): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}
