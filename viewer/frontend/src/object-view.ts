// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { fromLonLat } from "ol/proj.js";
import type { Highlight } from "./map/highlight";
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
  #list: readonly Found[] = [];

  constructor(map: OlMap, session: Session, highlight: Highlight, sheet: Sheet, share: () => void) {
    this.#map = map;
    this.#session = session;
    this.#highlight = highlight;
    this.#sheet = sheet;
    this.#card = createCard(sheet, session, {
      pick: (found) => {
        this.#open(found, this.#list, false);
      },
      follow: (layer, id) => void this.openLinked({ layer, id }, true),
      zoomTo: () => {
        this.#move();
      },
      share,
      close: () => {
        this.close();
      },
    });
  }

  /** The answer to a click: nothing, one object, or a list to choose from. */
  openAnswer({ found, at }: Answer): void {
    this.#list = found;
    const [only] = found;
    if (only === undefined) {
      this.close();
      this.#session.notify(this.#session.texts.identifyNone);
    } else if (found.length === 1) this.#open(only, found, false);
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
  }

  /** An object named by a link or a hit; says so when it is no longer there. */
  async openLinked(chosen: Chosen, move: boolean): Promise<void> {
    this.#list = [];
    try {
      this.#running?.abort();
      this.#running = new AbortController();
      this.#open(await loadItem(this.#session.config, chosen.layer, chosen.id, this.#running.signal), [], move);
    } catch (error) {
      if (error instanceof DOMException) return; // a newer object has taken its place
      if (!(error instanceof RequestError)) throw error;
      this.#session.notify(this.#session.texts.objectGone);
    }
  }

  /** A place typed as coordinates, or pointed at on the map; then the map stays, but for what the card covers. */
  openPlace({ point, zone }: TypedPlace, move = true): void {
    const { texts } = this.#session;
    this.#remember();
    this.#session.choose(null);
    this.#card.showPlace(point, zone === null ? texts.placeDegrees : texts.placeZone(zone.title));
    this.#highlight.mark(point);
    this.#move = () => {
      showPoint(this.#map, point, coverOf(this.#sheet));
    };
    const [x = 0, y = 0] = fromLonLat(point);
    if (move) this.#move();
    else uncover(this.#map, [x, y], coverOf(this.#sheet));
  }

  /** Rings several objects and moves the map to all of them. */
  showMany(found: readonly Found[]): void {
    this.close();
    const geometries = found.flatMap(({ geometry }) => geometry ?? []);
    const place = geometries.length === 0 ? null : this.#highlight.show({ type: "GeometryCollection", geometries });
    if (place !== null) showExtent(this.#map, place.extent, true, coverOf(this.#sheet));
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

  /** Shows the card and the ring; the map goes to the object, or moves only as far as the card asks for. */
  #open(found: Found, from: readonly Found[], move: boolean): void {
    this.#remember();
    this.#session.choose({ layer: found.layer, id: found.id });
    this.#card.showObject(found, from);
    this.#highlight.clear();
    this.#move = () => undefined;
    const place = found.geometry === null ? null : this.#highlight.show(found.geometry);
    if (place === null) return;
    this.#move = () => {
      if (place.isPoint) showPoint(this.#map, [place.extent[0], place.extent[1]], coverOf(this.#sheet));
      else showExtent(this.#map, place.extent, true, coverOf(this.#sheet));
    };
    if (move) this.#move();
    else if (place.isPoint) uncover(this.#map, place.anchor, coverOf(this.#sheet));
  }

  #remember(): void {
    const focused = document.activeElement;
    if (!this.#card.isOpen() && focused instanceof HTMLElement) this.#opener = focused;
  }
}
