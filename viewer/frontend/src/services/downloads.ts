// SPDX-License-Identifier: MIT
import { askItems, type Question } from "./counts";
import type { Layer, MapConfig } from "./model";

/** Every format of the items service: the value of `f`, and what people call it. */
export const FORMATS: readonly [string, string][] = [
  ["json", "GeoJSON"],
  ["csv", "CSV"],
  ["xlsx", "Excel (XLSX)"],
  ["gpkg", "GeoPackage"],
  ["shape-zip", "Shapefile (ZIP)"],
  ["kml", "KML"],
  ["gml", "GML 3.2"],
  ["fgb", "FlatGeobuf"],
  ["parquet", "GeoParquet"],
  ["geojsonseq", "GeoJSONSeq"],
];

const EVERYTHING: Question = { box: null, filter: null, time: null };

/** Coordinate systems a download may have: WGS 84, web Mercator, UTM and every VN-2000 zone; empty value for the default. */
export function systemsOf(config: MapConfig): [string, string][] {
  const others: [string, string][] = [["EPSG:32648", "WGS 84 / UTM 48N"], ["EPSG:32649", "WGS 84 / UTM 49N"], ["EPSG:3857", "Web Mercator"]];
  const own = [...config.zones].sort((a, b) => Number(b.code === config.zone) - Number(a.code === config.zone));
  return [["", "WGS 84"], ...own.map((zone): [string, string] => [zone.code, zone.title]), ...others];
}

/** Whether files of this format may be in another system than WGS 84. */
export function takesSystem(format: string): boolean {
  return format !== "kml";
}

/** Address of a download: the whole layer, or what the question finds, in the format and system (EPSG:…, empty for WGS 84). */
export function downloadAddress(config: MapConfig, layer: Layer, format: string, system: string, question: Question = EVERYTHING): string {
  const query = askItems(layer, question);
  query.set("f", format);
  const code = /^EPSG:(\d+)$/.exec(system)?.[1];
  if (code !== undefined && takesSystem(format)) query.set("crs", `http://www.opengis.net/def/crs/EPSG/0/${code}`);
  if (format === "json" || format === "gml") query.set("limit", "100000");
  return `${config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`;
}
