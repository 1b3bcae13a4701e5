// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { addPictures, addShapes } from "./map/guests";
import { showExtent } from "./map/view";
import { openAdd } from "./panels/add-dialog";
import { byId, textButton } from "./panels/dom";
import { GuestList } from "./panels/guest-list";
import { featuresAddress, MOST_FEATURES, throughServer } from "./services/outside";
import { fetchText } from "./services/request";
import type { Session } from "./session";

const MOST_SHAPES = 20_000;
const LONGEST = 80;

/** The button "add a layer" above the tree, and the layers the reader brought along at its head. */
export function startGuests(map: OlMap, session: Session): void {
  const { config, texts } = session;
  const list = new GuestList(byId("layers"), texts, (extent) => {
    showExtent(map, extent);
  });
  const open = (): void => {
    openAdd(session, {
      file: (name, text) => {
        list.add(addShapes(map, name.slice(0, LONGEST), text, MOST_SHAPES));
      },
      offer: async (offer) => {
        const fault = (): void => {
          session.notify(texts.guests.broken(offer.title));
        };
        if (offer.kind === "wms") list.add(addPictures(map, config, offer, fault));
        else list.add(addShapes(map, offer.title, await fetchText(throughServer(config, featuresAddress(offer))), MOST_FEATURES));
      },
    });
  };
  byId("layers-title").after(textButton(texts.guests.add, open, "button add-layer"));
}
