// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { positionOf } from "./map/view";
import { type LinkState, writeLink } from "./services/link";
import type { Language } from "./services/model";
import type { Session } from "./session";

/** Keeps the address bar and the language links at the present view, so that a copied address restores it. */
export function keepLink(map: OlMap, session: Session): void {
  const update = (): void => {
    const state = stateOf(map, session);
    window.history.replaceState(null, "", window.location.pathname + writeLink(state));
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-language]")) {
      const language: Language = link.dataset.language === "en" ? "en" : "vi";
      link.href = window.location.pathname + writeLink({ ...state, language });
    }
  };
  map.on("moveend", update);
  session.on("layers", update);
  session.on("chosen", update);
  session.on("time", update);
  session.on("compare", update);
  session.on("base", update);
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
    time: session.time,
    base: session.base,
    compare: session.compare,
  };
}
