// SPDX-License-Identifier: MIT
import type { Drawn } from "./wms";
import type { LonLat, MapConfig } from "./model";

/** A box in EPSG:3857 metres and the pixels it is drawn on. */
export interface Frame {
  box: [number, number, number, number];
  width: number;
  height: number;
}

const MOST_PIXELS = 4096;

/** Address of a GetMap picture of the base map and the layers, in the frame. */
export function pictureAddress(config: MapConfig, drawn: readonly Drawn[], frame: Frame, format: string): string {
  const { base } = config;
  const over = drawn.filter(({ id }) => !base.layers.includes(id));
  const query = new URLSearchParams({
    SERVICE: "WMS",
    VERSION: "1.3.0",
    REQUEST: "GetMap",
    CRS: "EPSG:3857",
    BBOX: frame.box.map((side) => side.toFixed(2)).join(","),
    WIDTH: String(Math.min(frame.width, MOST_PIXELS)),
    HEIGHT: String(Math.min(frame.height, MOST_PIXELS)),
    LAYERS: [...base.layers, ...over.map(({ id }) => id)].join(","),
    STYLES: [...base.styles, ...over.map(({ style }) => style)].join(","),
    FORMAT: format,
    LANGUAGE: config.language,
  });
  if (over.some(({ filter }) => filter)) query.set("CQL_FILTER", [...base.layers.map(() => ""), ...over.map(({ filter }) => filter ?? "")].join(";"));
  return `${config.services.wms}?${query.toString()}`;
}

/** The world file of such a picture: pixel sizes and the centre of the upper left pixel, in EPSG:3857 metres. */
export function worldFile({ box: [west, south, east, north], width, height }: Frame): string {
  const [x, y] = [(east - west) / width, (north - south) / height];
  return [x, 0, 0, -y, west + x / 2, north - y / 2].map((number) => number.toFixed(8)).join("\n") + "\n";
}

/** What a sheet of paper shows. */
export interface Sheet {
  centre: LonLat;
  scale: number;
  zone: string;
  paper: string;
  title: string;
  /** With the lines of the zone. */
  grid: boolean;
  /** With what the reader drew. */
  sketches: boolean;
}

/** Address of the print page. */
export function printAddress(config: MapConfig, drawn: readonly Drawn[], { centre, scale, zone, paper, title, grid, sketches }: Sheet): string {
  const query = new URLSearchParams({
    lon: centre[0].toFixed(6),
    lat: centre[1].toFixed(6),
    scale: String(Math.round(scale)),
    zone,
    paper,
    title,
  });
  if (!grid) query.set("grid", "0");
  if (sketches) query.set("sketches", "1");
  if (config.language === "en") query.set("lang", "en");
  for (const { id, style, filter } of drawn) query.append("layer", `${id}:${style}:${filter ?? ""}`);
  return `/map/print?${query.toString()}`;
}

/** The next round scale that is not larger than the wished one: 1, 2, 2.5 or 5 times a power of ten. */
export function roundScale(denominator: number): number {
  const power = 10 ** Math.floor(Math.log10(denominator));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((one) => one >= denominator * 0.999) ?? denominator;
}
