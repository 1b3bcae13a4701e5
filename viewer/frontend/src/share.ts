// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { fromLonLat } from "ol/proj.js";
import { positionOf } from "./map/view";
import { type LinkState, readLink, writeLink } from "./services/link";
import type { Language } from "./services/model";
import type { Session } from "./session";

/**
 * Keeps the address bar and the language links at the present view, so that a copied address restores it. What the reader chooses makes a
 * step of the browser's history, moving the map does not; `restored` is told of a step back or forward.
 */
export function keepLink(map: OlMap, session: Session, restored: (link: LinkState) => void): void {
  let choices = choicesOf(stateOf(map, session));
  let isStepping = false;
  const update = (): void => {
    if (isStepping) return;
    const state = stateOf(map, session);
    const address = window.location.pathname + writeLink(state);
    const present = choicesOf(state);
    if (present === choices) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
    choices = present;
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-language]")) {
      const language: Language = link.dataset.language === "en" ? "en" : "vi";
      link.href = window.location.pathname + writeLink({ ...state, language });
    }
  };
  map.on("moveend", update);
  for (const event of ["layers", "chosen", "time", "compare", "base", "order", "offers"] as const) session.on(event, update);
  window.addEventListener("popstate", () => {
    const link = readLink(window.location.search);
    isStepping = true;
    session.apply(link);
    if (link.position !== null) {
      map.getView().cancelAnimations();
      map.getView().setCenter(fromLonLat([link.position.lon, link.position.lat]));
      map.getView().setZoom(link.position.zoom);
    }
    restored(link);
    choices = choicesOf(link);
    window.setTimeout(() => {
      isStepping = false;
    }, SETTLED_MS);
  });
}

// What a step back brings in its train (a card, classes) has come by then; it makes no step of its own.
const SETTLED_MS = 1500;

/** What of a view makes a step of the history: layers, filters, the chosen object - not opacity, place or time. */
function choicesOf(state: LinkState): string {
  const layers = state.layers?.map(({ id, style }) => [id, style]) ?? null;
  return JSON.stringify([layers, state.object, state.filters]);
}

/** Copies the address of the present view; where the browser forbids it, says where to find it. */
export async function copyLink(session: Session): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href);
    session.notify(session.texts.shared);
  } catch {
    session.notify(session.texts.shareManual);
  }
}

/** The present view as a link restores it. */
export function stateOf(map: OlMap, session: Session): LinkState {
  const choices = session.choices();
  const isDefault =
    choices.every(({ id, opacity, style }) => opacity === 1 && style === "" && session.tree.some((layer) => layer.id === id && layer.visible)) &&
    choices.length === session.tree.filter((layer) => layer.visible).length;
  return {
    language: session.config.language,
    position: positionOf(map),
    layers: isDefault ? null : choices,
    object: session.chosen,
    filters: session.filters(),
    hidden: Object.fromEntries(session.drawn().map((layer) => [layer.id, session.offOf(layer).map(({ name }) => name)])),
    order: [...session.order],
    offers: [...session.offers],
    time: session.time,
    base: session.base,
    compare: session.compare,
  };
}
