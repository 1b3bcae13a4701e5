// SPDX-License-Identifier: MIT
import { intersects } from "ol/extent.js";
import type OlMap from "ol/Map.js";
import { countItems, isCountable, type Question } from "../services/counts";
import { compile } from "../services/expression";
import type { Extent, Layer } from "../services/model";
import { RequestError } from "../services/request";
import { classesIn, type LegendClass, legendOf } from "../services/wms";
import type { Session } from "../session";
import type { Themes } from "./themes";
import { extentOf, type Shape } from "./tile-store";
import { toDegrees } from "./view";

const PAUSE_MS = 350;

/** Counts the objects of switched-on layers inside the map after every move, and sees which classes of their legends are there. */
export function followView(map: OlMap, session: Session, themes: Themes): void {
  let running: AbortController | null = null;
  let timer = 0;
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      running?.abort();
      running = new AbortController();
      void countAll(session, viewBox(map), running.signal);
      void tellClasses(map, session, themes, running.signal);
    }, PAUSE_MS);
  };
  let arrival = 0;
  themes.onArrival(() => {
    window.clearTimeout(arrival);
    arrival = window.setTimeout(() => void tellClasses(map, session, themes, null), PAUSE_MS);
  });
  map.on("moveend", later);
  session.on("layers", later);
}

async function countAll(session: Session, box: Extent, signal: AbortSignal): Promise<void> {
  const counted = session.drawn().filter((layer) => isCountable(layer) && !layer.illustrative);
  await Promise.all(
    counted.map(async (layer) => {
      try {
        session.tellInView(layer, await countItems(session.config, layer, questionOf(session, layer, box), signal));
      } catch (error) {
        if (error instanceof RequestError) session.tellInView(layer, null); // the total count stands in its place
        else if (!(error instanceof DOMException)) throw error;
      }
    }),
  );
}

/** Tells the classes of the legends that lie in the view: from the tiles in the browser, else (`signal`) by asking the server. */
async function tellClasses(map: OlMap, session: Session, themes: Themes, signal: AbortSignal | null): Promise<void> {
  const box = map.getView().calculateExtent(map.getSize());
  const vectors = new Map(themes.vectors().map(([layer, vector]) => [layer.id, vector]));
  await Promise.all(
    session.drawn().map(async (layer) => {
      const style = session.styleOf(layer);
      const classes = await legendOf(session.config, { id: layer.id, style });
      if (classes.length < 2 || layer.geometry === "raster") return;
      const vector = vectors.get(layer.id);
      if (vector !== undefined) session.tellPresent(layer, classesAmong(classes, vector.inView(), box));
      else if (signal !== null) session.tellPresent(layer, await askClasses(map, session, layer, signal));
    }),
  );
}

/** The names of the classes that shapes inside the box belong to; null when that cannot be said. */
function classesAmong(classes: readonly LegendClass[], shapes: readonly Shape[] | null, box: Extent | number[]): Set<string> | null {
  if (shapes === null || classes.some(({ condition }) => condition === null)) return null;
  const tests = classes.map(({ name, condition }) => ({ name, holds: compile(condition) }));
  const found = new Set<string>();
  for (const shape of shapes) {
    if (found.size === tests.length) break;
    if (!intersects(extentOf(shape), box)) continue;
    for (const { name, holds } of tests) if (!found.has(name) && holds(shape, 0) === true) found.add(name);
  }
  return found;
}

async function askClasses(map: OlMap, session: Session, layer: Layer, signal: AbortSignal): Promise<Set<string> | null> {
  if (!isCountable(layer)) return null;
  const [width = 1, height = 1] = map.getSize() ?? [];
  const drawn = { id: layer.id, style: session.styleOf(layer), filter: session.cqlOf(layer), time: session.timeOf(layer) };
  try {
    return await classesIn(session.config, drawn, { box: map.getView().calculateExtent([width, height]), width, height }, signal);
  } catch (error) {
    if (error instanceof RequestError || error instanceof DOMException) return null; // the whole legend stands in its place
    throw error;
  }
}

/** What the reader sees of a layer: its filter and time, in the box. */
function questionOf(session: Session, layer: Layer, box: Extent): Question {
  return { box, filter: session.cqlOf(layer), time: session.timeOf(layer) };
}

/** The box of the map in degrees. */
export function viewBox(map: OlMap): Extent {
  return limitTo(toDegrees(map.getView().calculateExtent(map.getSize())));
}

/** What the service takes as a box: nothing beyond the poles and the date line. */
function limitTo([west, south, east, north]: Extent): Extent {
  return [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)];
}
