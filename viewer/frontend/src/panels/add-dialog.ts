// SPDX-License-Identifier: MIT
import { KINDS, listOffers, type Offer, type OutsideKind } from "../services/outside";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { openDialog } from "./dialog";
import { element, textButton } from "./dom";

export interface AddActions {
  /** Shows a file; throws Error when it holds nothing that can be shown. */
  file: (name: string, text: string) => void;
  /** Shows a foreign layer. Throws RequestError or Error. */
  offer: (offer: Offer) => Promise<void>;
}

const MOST_BYTES = 20_000_000;

/** Layers the reader brings along: a file of this device, or a service of a site the operator allows. */
export function openAdd(session: Session, actions: AddActions): void {
  const { texts, config } = session;
  const said = element("p", { class: "note", role: "status" });
  const file = element("input", { type: "file", class: "text-field", id: "guest-file", accept: ".geojson,.json,.kml,.gpx" });
  const done = (shown: boolean): void => {
    if (shown) dialog.close();
  };
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen !== undefined) void readFile(session, chosen, actions, said).then(done);
  });
  const field = element("label", { class: "subject", for: "guest-file" }, element("span", {}, texts.guests.file), file);
  const service =
    config.outside.length === 0 ? [element("p", { class: "note" }, texts.guests.noSites)] : serviceForm(session, actions, said, done);
  const dialog = openDialog(texts, texts.guests.add, field, element("p", { class: "note" }, texts.guests.fileWhy), ...service, said);
}

async function readFile(session: Session, file: File, actions: AddActions, said: HTMLElement): Promise<boolean> {
  const { guests } = session.texts;
  if (file.size > MOST_BYTES) {
    said.textContent = guests.tooLarge;
    return false;
  }
  try {
    actions.file(file.name, await file.text());
    return true;
  } catch {
    // Whatever the reader of the format stumbled over, the file cannot be shown.
    said.textContent = guests.unreadable(file.name);
    return false;
  }
}

function serviceForm(session: Session, actions: AddActions, said: HTMLElement, done: (shown: boolean) => void): HTMLElement[] {
  const { texts, config } = session;
  const address = element("input", { type: "url", class: "text-field", id: "guest-address", placeholder: config.outside[0] ?? "" });
  const kind = element("select", { class: "select", id: "guest-kind" }, ...KINDS.map((one) => element("option", { value: one }, texts.guests.kinds[one])));
  const offers = element("select", { class: "select", id: "guest-offers" });
  const choice = element("div", { class: "stack-rows", hidden: true });
  let found: Offer[] = [];
  const add = textButton(
    texts.guests.addThis,
    () => {
      const offer = found[offers.selectedIndex];
      if (offer !== undefined) void attempt(session, said, () => actions.offer(offer)).then(done);
    },
    "button primary",
  );
  choice.append(element("label", { class: "subject", for: "guest-offers" }, element("span", {}, texts.guests.offers), offers), add);
  const read = textButton(texts.guests.read, () => {
    void attempt(session, said, async () => {
      found = await listOffers(config, kind.value as OutsideKind, address.value.trim());
      offers.replaceChildren(...found.map(({ title }) => element("option", {}, title)));
      choice.hidden = found.length === 0;
      if (found.length === 0) said.textContent = texts.guests.noOffers;
    });
  });
  return [
    element("h3", {}, texts.guests.service),
    element("label", { class: "subject", for: "guest-address" }, element("span", {}, texts.guests.address(config.outside.join(", "))), address),
    element("label", { class: "subject", for: "guest-kind" }, element("span", {}, texts.guests.kind), kind),
    read,
    choice,
  ];
}

async function attempt(session: Session, said: HTMLElement, act: () => Promise<void>): Promise<boolean> {
  const { guests } = session.texts;
  said.textContent = guests.asking;
  try {
    await act();
    if (said.textContent === guests.asking) said.textContent = "";
    return true;
  } catch (error) {
    said.textContent = error instanceof RequestError ? guests.failed([error.code, error.detail].filter(Boolean).join(": ")) : guests.nothing;
    return false;
  }
}
