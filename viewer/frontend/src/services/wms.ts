// SPDX-License-Identifier: MIT
import { readCollection } from "./items";
import type { Found, Language, MapConfig } from "./model";
import { fetchJson } from "./request";

export interface LegendClass {
  /** Empty where the service knows no classes. */
  name: string;
  /** CQL2 text of everything but this class, and the class as an expression for vector tiles; null where it cannot be left out. */
  without: string | null;
  condition: unknown;
  label: string;
  picture: string | null;
  /** Scale denominators between which something of this class is drawn. */
  minScale: number;
  maxScale: number;
}

interface LegendJson {
  classes: {
    name: string;
    title: Record<Language, string>;
    icon: string;
    min_scale: number | null;
    max_scale: number | null;
    without: string | null;
    condition: unknown;
  }[];
}

/** A point of the map (EPSG:3857 metres) and how many metres one pixel is there. */
export interface Spot {
  x: number;
  y: number;
  resolution: number;
}

export interface Drawn {
  id: string;
  style: string;
  /** CQL2; null or absent without. */
  filter?: string | null;
  time?: string | null;
}

/** A view of the map: its box in EPSG:3857 metres, its size in pixels. */
export interface View {
  box: readonly number[];
  width: number;
  height: number;
}

const INFO_PIXELS = 101;
const INFO_LIMIT = 20;

/** The classes of a layer's legend; a single picture where the service knows no classes. */
export async function loadLegend(config: MapConfig, drawn: Drawn): Promise<LegendClass[]> {
  try {
    const answer = await fetchJson(legendAddress(config, drawn, "application/json"));
    return readClasses(answer, config.language);
  } catch {
    // A legend as one picture is the standard's own fallback; a failing picture hides itself.
    const picture = legendAddress(config, drawn, "image/png");
    return [{ name: "", without: null, condition: null, label: "", picture, minScale: 0, maxScale: Infinity }];
  }
}

const legends = new Map<string, Promise<LegendClass[]>>();

/** The same, asked for once per layer and style. */
export function legendOf(config: MapConfig, drawn: Drawn): Promise<LegendClass[]> {
  const key = `${drawn.id} ${drawn.style}`;
  const asked = legends.get(key) ?? loadLegend(config, drawn);
  legends.set(key, asked);
  return asked;
}

/** The names of the classes of which something lies in a box (EPSG:3857), `width` pixels wide. Throws RequestError. */
export async function classesIn(config: MapConfig, drawn: Drawn, { box, width, height }: View, signal: AbortSignal): Promise<Set<string>> {
  const query = new URLSearchParams({ CRS: "EPSG:3857", BBOX: box.join(","), SRCWIDTH: String(width), SRCHEIGHT: String(height) });
  if (drawn.filter) query.set("CQL_FILTER", drawn.filter);
  if (drawn.time) query.set("TIME", drawn.time);
  const answer = await fetchJson(`${legendAddress(config, drawn, "application/json")}&${query.toString()}`, signal);
  return new Set((answer as LegendJson).classes.map(({ name }) => name));
}

/** What lies at the spot in all drawn layers, asked in one GetFeatureInfo request (two when some are shown at a time); the topmost first. */
export async function identify(config: MapConfig, drawn: readonly Drawn[], spot: Spot, signal: AbortSignal): Promise<Found[]> {
  // TIME counts for every layer of a request: layers without a chosen time are asked apart.
  const parts = [drawn.filter(({ time }) => time), drawn.filter(({ time }) => !time)].filter((part) => part.length > 0);
  const found = (await Promise.all(parts.map((part) => ask(config, part, spot, signal)))).flat();
  const rank = new Map(drawn.map((layer, index) => [layer.id, index]));
  return found.sort((a, b) => (rank.get(b.layer) ?? 0) - (rank.get(a.layer) ?? 0));
}

async function ask(config: MapConfig, drawn: readonly Drawn[], spot: Spot, signal: AbortSignal): Promise<Found[]> {
  const half = (INFO_PIXELS / 2) * spot.resolution;
  const layers = drawn.map((layer) => layer.id).join(",");
  const query = new URLSearchParams({
    SERVICE: "WMS",
    VERSION: "1.3.0",
    REQUEST: "GetFeatureInfo",
    CRS: "EPSG:3857",
    BBOX: [spot.x - half, spot.y - half, spot.x + half, spot.y + half].join(","),
    WIDTH: String(INFO_PIXELS),
    HEIGHT: String(INFO_PIXELS),
    I: String((INFO_PIXELS - 1) / 2),
    J: String((INFO_PIXELS - 1) / 2),
    LAYERS: layers,
    QUERY_LAYERS: layers,
    STYLES: drawn.map((layer) => layer.style).join(","),
    FORMAT: "image/png",
    INFO_FORMAT: "application/json",
    FEATURE_COUNT: String(INFO_LIMIT),
  });
  if (drawn.some(({ filter }) => filter)) query.set("CQL_FILTER", drawn.map(({ filter }) => filter ?? "").join(";"));
  const time = drawn[0]?.time ?? null;
  if (time !== null) query.set("TIME", time);
  return readCollection(await fetchJson(`${config.services.wms}?${query.toString()}`, signal));
}

/** Address of a layer's legend in the given format. */
export function legendAddress(config: MapConfig, drawn: Drawn, format: string): string {
  const query = new URLSearchParams({
    SERVICE: "WMS",
    VERSION: "1.3.0",
    REQUEST: "GetLegendGraphic",
    SLD_VERSION: "1.1.0",
    LAYER: drawn.id,
    STYLE: drawn.style,
    FORMAT: format,
    LANGUAGE: config.language,
  });
  return `${config.services.wms}?${query.toString()}`;
}

function readClasses(answer: unknown, language: Language): LegendClass[] {
  const { classes } = answer as LegendJson;
  return classes.map(({ name, title, icon, min_scale, max_scale, without, condition }) => ({
    name,
    without,
    condition,
    label: title[language],
    picture: icon,
    minScale: min_scale ?? 0,
    maxScale: max_scale ?? Infinity,
  }));
}
