// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { toLonLat } from "ol/proj.js";
import { findLayer } from "../services/config";
import type { Found, LonLat } from "../services/model";
import { RequestError } from "../services/request";
import { type Drawn, identify, type Spot } from "../services/wms";
import type { Session } from "../session";
import type { Themes } from "./themes";
import { showExtent, toDegrees } from "./view";

export interface Answer {
  found: Found[];
  /** EPSG:3857 */
  at: [number, number];
}

/** Asks all visible layers about a clicked point, or about the map's centre when Enter is pressed; a newer question cancels the older. */
export function listenForClicks(map: OlMap, session: Session, themes: Themes, answer: (answer: Answer) => void): void {
  let running: AbortController | null = null;
  const look = (x: number, y: number): void => {
    if (session.isSketching) return;
    const cluster = themes.clusterAt([x, y]);
    if (cluster !== null) {
      showExtent(map, toDegrees(cluster.box));
      return;
    }
    running?.abort();
    running = new AbortController();
    const spot = { x, y, resolution: map.getView().getResolution() ?? 1 };
    void question(session, spot, running.signal).then((found) => {
      if (found !== null) answer({ found, at: [x, y] });
    });
  };
  map.on("singleclick", (event) => {
    const [x = 0, y = 0] = event.coordinate;
    look(x, y);
  });
  map.getTargetElement().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    const [x = 0, y = 0] = map.getView().getCenter() ?? [];
    look(x, y);
  });
}

/** Tells the place (degrees) under the right button or a resting finger, or the map's centre at Shift and Enter. */
export function listenForPlaces(map: OlMap, tell: (point: LonLat) => void): void {
  const tellAt = (coordinate: number[] | undefined): void => {
    const [lon, lat] = toLonLat(coordinate ?? []);
    if (lon !== undefined && lat !== undefined) tell([lon, lat]);
  };
  map.getViewport().addEventListener("contextmenu", (event) => {
    event.preventDefault();
    tellAt(map.getEventCoordinate(event));
  });
  map.getTargetElement().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) tellAt(map.getView().getCenter());
  });
}

async function question(session: Session, spot: Spot, signal: AbortSignal): Promise<Found[] | null> {
  try {
    const found = await ask(session, visibleLayers(session), spot, signal);
    // Nothing of the themes here: the base map still knows the commune or the river.
    return found.length > 0 ? found : await ask(session, baseLayers(session), spot, signal);
  } catch (error) {
    if (error instanceof RequestError) session.notify(session.texts.identifyFailed(error.code));
    else if (!(error instanceof DOMException)) throw error;
    return null;
  }
}

async function ask(session: Session, drawn: readonly Drawn[], spot: Spot, signal: AbortSignal): Promise<Found[]> {
  return drawn.length === 0 ? [] : identify(session.config, drawn, spot, signal);
}

function visibleLayers(session: Session): Drawn[] {
  const asked = session.drawn().filter((layer) => layer.queryable && session.healthOf(layer).since === null);
  return asked.map((layer) => ({ id: layer.id, style: session.styleOf(layer), filter: session.shownCql(layer), time: session.timeOf(layer) }));
}

function baseLayers(session: Session): Drawn[] {
  const { base } = session.config;
  const drawn = base.layers.map((id, index) => ({ id, style: base.styles[index] ?? "" }));
  return drawn.filter(({ id }) => findLayer(session.config, id)?.queryable === true);
}
