// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { drawFrame } from "./map/frame";
import { createHighlight } from "./map/highlight";
import { listenForClicks, listenForPlaces } from "./map/identify";
import { locate } from "./map/locate";
import { followHover } from "./map/hover";
import { followView, viewBox } from "./map/inview";
import { followDenominator, followPointer, followScale } from "./map/readings";
import { Themes } from "./map/themes";
import { createMap, showExtent, showHome, showPoint, zoomBy } from "./map/view";
import { startGuests } from "./guests";
import { ObjectView } from "./object-view";
import { FiguresPanel } from "./panels/figures-panel";
import { followConnection } from "./panels/connection";
import { Twin } from "./panels/twin";
import { entriesInView } from "./map/entries";
import { startFilter } from "./panels/filter-panel";
import { coverOf, type Panel, startPanel } from "./panels/layout";
import { byId } from "./panels/dom";
import { startLegend } from "./panels/legend-panel";
import { showNotices } from "./panels/notice";
import { startProgress } from "./panels/progress";
import { showReadout } from "./panels/readout";
import { startSearch } from "./panels/search-box";
import { createSheet } from "./panels/sheet";
import { showSources } from "./panels/sources";
import { TablePanel } from "./panels/table-panel";
import { startTabs } from "./panels/tabs";
import { showTools, type ToolActions } from "./panels/tools";
import { showTree } from "./panels/tree";
import type { LinkState } from "./services/link";
import { missingOf } from "./services/link-check";
import { findLayer } from "./services/config";
import type { Extent, MapConfig } from "./services/model";
import { legendOf } from "./services/wms";
import { Session } from "./session";
import { copyLink, keepLink } from "./share";
import type { Texts } from "./texts";
import { type MapTools, startTools } from "./tools";

/** Puts the viewer together on the page's shell: session, map, panels, and what passes between them. */
export function startViewer(config: MapConfig, texts: Texts, link: LinkState): void {
  const session = new Session(config, texts, link);
  const map = createMap(byId("map"), config, link.position);
  showNotices(byId("notice"), session);
  drawFrame(map, config.base.frame);
  const progress = startProgress(byId("progress"));
  const themes = new Themes(map, session, progress.count);
  map.on("loadend", progress.rest);
  const highlight = createHighlight(map);
  const sheet = createSheet(byId("card"), texts.sheetStops);
  const share = (): void => void copyLink(session);
  const objects = new ObjectView(map, session, highlight, sheet, share);
  const panel = startPanel(texts);
  startTabPanels(map, session, objects, panel);
  showTree(byId("layers"), session, {
    showLayer: (layer) => {
      if (layer.extent === null) return;
      panel.close();
      showExtent(map, layer.extent, true, coverOf(sheet));
    },
  });
  startGuests(map, session, link.offers);
  const tools = startTools(map, session, themes.swipe.move);
  showTools(byId("tools"), texts, { ...toolActions(map, session, objects), ...tools });
  const readout = showReadout(byId("readout"), session);
  followPointer(map, readout.tell);
  followScale(map, readout.scale);
  followDenominator(map, (denominator) => {
    session.tellScale(denominator);
  });
  followView(map, session, themes);
  followHover(map, session, themes);
  showSources(byId("sources"), session);
  startSearch(byId("search") as HTMLInputElement, byId("suggestions"), session, {
    openHit: (hit) => void objects.openHit(hit),
    openPlace: (place) => {
      objects.openPlace(place);
    },
  });
  startClicks(map, session, themes, objects);
  startTwin(map, session, themes, objects);
  keepLink(map, session, (old) => {
    void hideClasses(session, old);
    if (old.object === null) objects.close();
    else void objects.openLinked(old.object, false);
  });
  void hideClasses(session, link);
  tellMissing(session, link);
  if (link.object !== null) void objects.openLinked(link.object, link.position === null);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) objects.close();
  });
}

/** The map as a list, kept in step with it; the banner of a lost connection. */
function startTwin(map: OlMap, session: Session, themes: Themes, objects: ObjectView): void {
  const twin = new Twin(byId("twin"), session, {
    list: () => entriesInView(map, session, themes),
    open: (entry) => void objects.openLinked(entry, false),
    leave: () => {
      byId("map").focus();
    },
  });
  map.on("moveend", () => {
    twin.follow();
  });
  session.on("layers", () => {
    twin.follow();
  });
  themes.onArrival(() => {
    twin.follow();
  });
  followConnection(byId("offline"), session);
}

function startClicks(map: OlMap, session: Session, themes: Themes, objects: ObjectView): void {
  listenForClicks(map, session, themes, (answer) => {
    objects.openAnswer(answer);
  });
  listenForPlaces(map, (point) => {
    objects.openPlace({ point, zone: null }, false);
  });
}

/** Leaves out the classes the link names, as far as the legends still have them. */
async function hideClasses(session: Session, link: LinkState): Promise<void> {
  await Promise.all(
    Object.entries(link.hidden).map(async ([id, names]) => {
      const layer = findLayer(session.config, id);
      if (layer === undefined || !session.isOn(layer)) return;
      const classes = await legendOf(session.config, { id, style: session.styleOf(layer) });
      session.setOff(layer, classes.filter((one) => one.without !== null && names.includes(one.name)));
    }),
  );
}

/** Says what of an old or broken link is not there; the rest of it is shown. */
function tellMissing(session: Session, link: LinkState): void {
  const missing = missingOf(session.config, link, window.location.search);
  const parts = session.texts.missing;
  const told = [
    ...(missing.layers.length > 0 ? [parts.layers(missing.layers.slice(0, 3).join(", "))] : []),
    ...(missing.filters.length > 0 ? [parts.filters(missing.filters.slice(0, 3).join(", "))] : []),
    ...(missing.place ? [parts.place] : []),
    ...(missing.time ? [parts.time] : []),
  ];
  if (told.length > 0) session.notify(`${parts.first} ${told.join("; ")}. ${parts.kept}`);
}

/** The tabs beside the layers: filter, table and legend. */
function startTabPanels(map: OlMap, session: Session, objects: ObjectView, panel: Panel): void {
  const tabs = startTabs();
  const view = (): Extent => viewBox(map);
  startFilter(byId("filter"), session, tabs, view);
  startLegend(byId("legend"), session, tabs);
  const table = new TablePanel(byId("table"), session, tabs, {
    view,
    open: (chosen) => {
      panel.close();
      void objects.openLinked(chosen, true);
    },
    showMany: (found) => {
      panel.close();
      objects.showMany(found);
    },
  });
  const figures = new FiguresPanel(byId("figures"), session, tabs, view);
  map.on("moveend", () => {
    table.followMap();
    figures.followMap();
  });
}

function toolActions(map: OlMap, session: Session, objects: ObjectView): Omit<ToolActions, keyof MapTools> {
  return {
    zoomIn: () => {
      zoomBy(map, 1);
    },
    zoomOut: () => {
      zoomBy(map, -1);
    },
    home: () => {
      showHome(map, session.config.home);
    },
    locate: () => void goToReader(map, session, objects),
  };
}

async function goToReader(map: OlMap, session: Session, objects: ObjectView): Promise<void> {
  const point = await locate();
  const { config, texts } = session;
  if (point === null) {
    session.notify(texts.locateFailed);
    return;
  }
  const [west, south, east, north] = config.limit;
  if (point[0] < west || point[0] > east || point[1] < south || point[1] > north) {
    session.notify(texts.locateOutside);
    return;
  }
  objects.close();
  objects.mark(point);
  showPoint(map, point, [0, 0, 0, 0]);
}
