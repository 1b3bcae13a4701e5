// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { addPictures, addShapes, addTiles, type Guest } from "./map/guests";
import { showExtent } from "./map/view";
import { openAdd } from "./panels/add-dialog";
import { byId, textButton } from "./panels/dom";
import { GuestList } from "./panels/guest-list";
import { featuresAddress, MOST_FEATURES, type Offer, throughServer, tilesDescription } from "./services/outside";
import { fetchText } from "./services/request";
import type { Session } from "./session";

const MOST_SHAPES = 20_000;
const LONGEST = 80;

/** The button "add a layer" above the tree, and the layers the reader brought along at its head: files of this visit, services a link bears. */
export function startGuests(map: OlMap, session: Session, linked: readonly Offer[]): void {
  const { texts } = session;
  const list = new GuestList(byId("layers"), texts, (extent) => {
    showExtent(map, extent);
  });
  const add = async (offer: Offer, isLinked = false): Promise<void> => {
    const gone = (): void => {
      session.setOffers(session.offers.filter((one) => one !== offer));
    };
    list.add(await makeGuest(map, session, offer), gone, !isLinked);
    session.setOffers([...session.offers, offer]);
  };
  const open = (): void => {
    openAdd(session, {
      file: (name, text) => {
        list.add(addShapes(map, name.slice(0, LONGEST), text, MOST_SHAPES));
      },
      offer: add,
    });
  };
  byId("layers-title").after(textButton(texts.guests.add, open, "button add-layer"));
  for (const offer of linked) {
    add(offer, true).catch(() => {
      // Gone, away, or no longer allowed: the rest of the link is shown.
      session.notify(texts.guests.broken(offer.title));
    });
  }
}

async function makeGuest(map: OlMap, session: Session, offer: Offer): Promise<Guest> {
  const { config, texts } = session;
  const fault = (): void => {
    session.notify(texts.guests.broken(offer.title));
  };
  if (offer.kind === "wms") return addPictures(map, config, offer, fault);
  const address = offer.kind === "wmts" ? tilesDescription(offer) : featuresAddress(offer);
  const text = await fetchText(throughServer(config, address));
  return offer.kind === "wmts" ? addTiles(map, config, offer, text, fault) : addShapes(map, offer.title, text, MOST_FEATURES);
}
