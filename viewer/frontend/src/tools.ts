// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { getPointResolution } from "ol/proj.js";
import { shownGuests } from "./map/guests";
import { createSketches } from "./map/sketches";
import { positionOf } from "./map/view";
import { CompareBar } from "./panels/compare-bar";
import { byId } from "./panels/dom";
import { Hints, openHelp } from "./panels/hints";
import { openPrint } from "./panels/print-dialog";
import { openShare } from "./panels/share-dialog";
import { SketchPanel } from "./panels/sketch-panel";
import { TimeBar } from "./panels/time-bar";
import type { Frame } from "./services/picture";
import { timeCql } from "./services/time";
import type { Drawn } from "./services/wms";
import type { Session } from "./session";

export interface MapTools {
  sketch: () => void;
  time: () => void;
  print: () => void;
  share: () => void;
  compare: () => void;
  help: () => void;
}

/** Measuring and drawing, time, printing and sharing, put on the map. */
export function startTools(map: OlMap, session: Session, divide: (share: number) => void): MapTools {
  const layer = createSketches(map, {
    add: (point) => {
      panel.add(point);
    },
    finish: () => {
      panel.finish();
    },
    isOn: () => panel.isOn(),
  });
  const panel = new SketchPanel(byId("sketch"), session, layer.draw);
  panel.start();
  const time = new TimeBar(byId("time"), session);
  const compare = new CompareBar(byId("compare"), byId("divider"), session, divide);
  const hints = new Hints(byId("hints"), session);
  hints.greet();
  return {
    help: () => {
      openHelp(session, () => {
        hints.start();
      });
    },
    compare: () => {
      if (compare.isUseful()) compare.toggle();
      else session.notify(session.texts.compare.nothing);
    },
    sketch: () => {
      panel.toggle();
    },
    time: () => {
      if (time.isUseful()) time.toggle();
      else session.notify(session.texts.timeNone);
    },
    print: () => {
      const { lon, lat } = positionOf(map);
      openPrint(session, [lon, lat], groundWidth(map), drawnOf(session), shownGuests(map));
    },
    share: () => {
      openShare(session, frameOf(map), drawnOf(session), shownGuests(map));
    },
  };
}

/** What is on the map, from the bottom up; the time stands among the conditions, because one TIME counts for every layer of a request. */
function drawnOf(session: Session): Drawn[] {
  const sound = session.drawn().filter((layer) => session.healthOf(layer).since === null);
  return sound.map((layer) => {
    const conditions = [session.shownCql(layer), timeCql(layer, session.timeOf(layer))].flatMap((one) => one ?? []);
    return { id: layer.id, style: session.styleOf(layer), filter: conditions.length === 0 ? null : conditions.map((one) => `(${one})`).join(" AND ") };
  });
}

function frameOf(map: OlMap): Frame {
  const [width = 1, height = 1] = map.getSize() ?? [];
  const [west = 0, south = 0, east = 0, north = 0] = map.getView().calculateExtent([width, height]);
  return { box: [west, south, east, north], width: Math.round(width), height: Math.round(height) };
}

/** Metres on the ground from the left of the map to its right, at its centre. */
function groundWidth(map: OlMap): number {
  const view = map.getView();
  const resolution = getPointResolution(view.getProjection(), view.getResolution() ?? 1, view.getCenter() ?? [0, 0], "m");
  return resolution * (map.getSize()?.[0] ?? 1);
}
