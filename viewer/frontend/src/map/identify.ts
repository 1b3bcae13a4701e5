// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import type { Found } from "../services/model";
import { RequestError } from "../services/request";
import { identify, type Spot } from "../services/wms";
import type { Session } from "../session";

export interface Answer {
  found: Found[];
  /** EPSG:3857 */
  at: [number, number];
}

/** Asks all visible layers about a clicked point, or about the map's centre when Enter is pressed; a newer question cancels the older. */
export function listenForClicks(map: OlMap, session: Session, answer: (answer: Answer) => void): void {
  let running: AbortController | null = null;
  const ask = (x: number, y: number): void => {
    running?.abort();
    running = new AbortController();
    const spot = { x, y, resolution: map.getView().getResolution() ?? 1 };
    void question(session, spot, running.signal).then((found) => {
      if (found !== null) answer({ found, at: [x, y] });
    });
  };
  map.on("singleclick", (event) => {
    const [x = 0, y = 0] = event.coordinate;
    ask(x, y);
  });
  map.getTargetElement().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const [x = 0, y = 0] = map.getView().getCenter() ?? [];
    ask(x, y);
  });
}

async function question(session: Session, spot: Spot, signal: AbortSignal): Promise<Found[] | null> {
  const drawn = session.drawn().filter((layer) => layer.queryable && session.healthOf(layer).since === null);
  if (drawn.length === 0) {
    session.notify(session.texts.noneVisible);
    return null;
  }
  try {
    const asked = drawn.map((layer) => ({ id: layer.id, style: session.styleOf(layer) }));
    return await identify(session.config, asked, spot, signal);
  } catch (error) {
    if (error instanceof RequestError) session.notify(session.texts.identifyFailed(error.code));
    else if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
