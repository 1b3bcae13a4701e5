// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import type { Highlight, Place } from "./map/highlight";
import type { Answer } from "./map/identify";
import { showExtent, showPoint, uncover } from "./map/view";
import { type Card, createCard } from "./panels/card";
import { coverOf } from "./panels/layout";
import type { Sheet } from "./panels/sheet";
import { findLayer } from "./services/config";
import type { TypedPlace } from "./services/coordinates";
import { loadItem } from "./services/items";
import type { Found, Hit, LonLat } from "./services/model";
import { RequestError } from "./services/request";
import type { Chosen, Session } from "./session";

/** The chosen object: its card, its ring on the map, and the map moved so that neither hides the other. */
export class ObjectView {
  readonly #map: OlMap;
  readonly #session: Session;
  readonly #highlight: Highlight;
  readonly #sheet: Sheet;
  readonly #card: Card;
  #move: () => void = () => undefined;
  #opener: HTMLElement | null = null;
  #running: AbortController | null = null;

  constructor(map: OlMap, session: Session, highlight: Highlight, sheet: Sheet, share: () => void) {
    this.#map = map;
    this.#session = session;
    this.#highlight = highlight;
    this.#sheet = sheet;
    this.#card = createCard(sheet, session, {
      pick: (found) => void this.#open(found, this.#list),
      zoomTo: () => {
        this.#move();
      },
      share,
      close: () => {
        this.close();
      },
    });
  }

  #list: readonly Found[] = [];

  /** The answer to a click: nothing, one object, or a list to choose from. */
  openAnswer({ found, at }: Answer): void {
    this.#list = found;
    const [only] = found;
    if (only === undefined) {
      this.close();
      this.#session.notify(this.#session.texts.identifyNone);
    } else if (found.length === 1) void this.#open(only, found);
    else {
      this.#remember();
      this.#highlight.clear();
      this.#session.choose(null);
      this.#card.showList(found);
      uncover(this.#map, at, coverOf(this.#sheet));
    }
  }

  /** A search hit: its layer on, the map there, its card open. */
  async openHit(hit: Hit): Promise<void> {
    const layer = findLayer(this.#session.config, hit.layer);
    if (layer !== undefined) this.#session.toggle(layer, true);
    await this.openLinked({ layer: hit.layer, id: hit.id }, true);
    if (this.#session.chosen?.id !== hit.id && hit.point !== null) showPoint(this.#map, hit.point, coverOf(this.#sheet));
  }

  /** An object named by a link or a hit; says so when it is no longer there. */
  async openLinked(chosen: Chosen, move: boolean): Promise<void> {
    this.#list = [];
    try {
      const item = await loadItem(this.#session.config, chosen.layer, chosen.id);
      await this.#open(item.found, []);
      if (move) this.#move();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#session.notify(this.#session.texts.objectGone);
    }
  }

  /** A place typed as coordinates. */
  openPlace({ point, zone }: TypedPlace): void {
    const { texts } = this.#session;
    this.#remember();
    this.#session.choose(null);
    this.#card.showPlace(point, zone === null ? texts.placeDegrees : texts.placeZone(zone.title));
    this.#highlight.mark(point);
    this.#move = () => {
      showPoint(this.#map, point, coverOf(this.#sheet));
    };
    this.#move();
  }

  /** Marks a place without a card. */
  mark(point: LonLat): void {
    this.#highlight.mark(point);
  }

  /** Closes the card and gives the focus back to where it came from. */
  close(): void {
    this.#running?.abort();
    this.#highlight.clear();
    if (!this.#card.isOpen()) return;
    this.#card.hide();
    this.#session.choose(null);
    this.#opener?.focus({ preventScroll: true });
    this.#opener = null;
  }

  async #open(found: Found, from: readonly Found[]): Promise<void> {
    this.#remember();
    this.#session.choose({ layer: found.layer, id: found.id });
    this.#card.showObject(found, from);
    this.#highlight.clear();
    const place = await this.#ring(found);
    if (place === null) return;
    this.#move = () => {
      if (place.isPoint) showPoint(this.#map, [place.extent[0], place.extent[1]], coverOf(this.#sheet));
      else showExtent(this.#map, place.extent, true, coverOf(this.#sheet));
    };
    if (place.isPoint) uncover(this.#map, place.anchor, coverOf(this.#sheet));
  }

  async #ring(found: Found): Promise<Place | null> {
    if (findLayer(this.#session.config, found.layer)?.geometry === "raster") return null;
    this.#running?.abort();
    this.#running = new AbortController();
    try {
      const { geometry } = await loadItem(this.#session.config, found.layer, found.id, this.#running.signal);
      return geometry === null ? null : this.#highlight.show(geometry);
    } catch (error) {
      // The card stands without its ring; a newer object may have taken its place.
      if (error instanceof RequestError || error instanceof DOMException) return null;
      throw error;
    }
  }

  #remember(): void {
    const focused = document.activeElement;
    if (!this.#card.isOpen() && focused instanceof HTMLElement) this.#opener = focused;
  }
}
