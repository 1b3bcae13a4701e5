// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { countItems, isCountable, type Question } from "../services/counts";
import type { Extent, Layer } from "../services/model";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { toDegrees } from "./view";

const PAUSE_MS = 350;

/** Counts the objects of switched-on layers inside the map after every move; a newer view cancels the older questions. */
export function followCounts(map: OlMap, session: Session): void {
  let running: AbortController | null = null;
  let timer = 0;
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      running?.abort();
      running = new AbortController();
      void countAll(session, viewBox(map), running.signal);
    }, PAUSE_MS);
  };
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
