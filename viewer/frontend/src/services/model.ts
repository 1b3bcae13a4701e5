// SPDX-License-Identifier: MIT
/** What the server tells the viewer about the map (the shape of /map/config.json), already in one language. */

export type Language = "vi" | "en";

/** West, south, east, north in degrees (WGS 84). */
export type Extent = [number, number, number, number];

/** Longitude, latitude in degrees (WGS 84). */
export type LonLat = [number, number];

export type Geometry = "point" | "line" | "polygon" | "raster" | "none";

export type Value = string | number | boolean | null;

export interface Code {
  title: string;
  /** #rrggbb where the list fixes one, as the water quality classes do. */
  colour: string | null;
}

export interface Field {
  label: string;
  /** text, integer, number, boolean, date, datetime, or link: the id of an object of the layer `link`. */
  type: string;
  unit: string | null;
  /** The code list by code; null where the field has none. */
  codes: Record<string, Code> | null;
  link: string | null;
}

export interface Section {
  title: string;
  fields: string[];
}

export interface Style {
  id: string;
  title: string;
}

export interface Layer {
  id: string;
  group: string;
  title: string;
  abstract: string;
  geometry: Geometry;
  /** False for the base map and for records without geometry: known, found, shown in cards, but not in the tree. */
  inTree: boolean;
  /** Objects valid today; null for a raster. */
  count: number | null;
  /** Whether objects of the layer come and go: they have valid_from and valid_to. */
  validity: boolean;
  extent: Extent | null;
  visible: boolean;
  /** Scale denominator from which on points that lie together are joined; null for never. */
  cluster: number | null;
  /** The deepest level whose vector tiles leave out objects that would lie on others; -1 when all have all. */
  thinnedTo: number;
  queryable: boolean;
  illustrative: boolean;
  styles: Style[];
  titleField: string | null;
  fields: Record<string, Field>;
  /** The few fields that say most about an object. */
  popup: string[];
  sections: Section[];
  /** First part of the address of an object's page; null for a raster. */
  page: string | null;
  /** First and last day (YYYY-MM-DD) the layer tells of; null without time. */
  time: [string, string] | null;
  /** The fields its time stands in: begin and, where it has one, end; null for rasters and layers without time. */
  timeFields: [string, string | null] | null;
  /** The moments (ISO 8601) of a raster that changes in time. */
  moments: string[];
  source: string;
  licence: string;
}

export interface Group {
  id: string;
  /** The group it lies in. */
  parent: string | null;
  title: string;
  /** #rrggbb of the dot beside the title. */
  colour: string;
  layers: string[];
}

export interface Credit {
  source: string;
  licence: string;
}

/** A VN-2000 zone: X is north and Y is east when shown, as Vietnamese surveyors write them. */
export interface Zone {
  code: string;
  title: string;
  proj4: string;
}

export interface MapConfig {
  language: Language;
  province: { code: string; name: string };
  home: Extent;
  limit: Extent;
  services: { wms: string; items: string; search: string; figures: string; outside: string };
  /** Sites whose map services may be added. */
  outside: string[];
  base: { layers: string[]; styles: string[]; credits: Credit[]; /** A raster layer offered as base map. */ photo: string | null; /** The box its data cover. */ frame: Extent };
  groups: Group[];
  layers: Layer[];
  zones: Zone[];
  zone: string;
}

/** One object of one layer, as identify, search and the items service give it. */
export interface Found {
  layer: string;
  id: string;
  properties: Record<string, Value>;
  /** Longitude first; null for a raster cell or a record without place. */
  geometry: GeoJsonGeometry | null;
}

export interface GeoJsonGeometry {
  type: string;
  coordinates?: unknown;
  /** Of a GeometryCollection. */
  geometries?: GeoJsonGeometry[];
}

export interface Hit {
  layer: string;
  id: string;
  title: string;
  subtitle: string;
  point: LonLat | null;
  extent: Extent | null;
}
