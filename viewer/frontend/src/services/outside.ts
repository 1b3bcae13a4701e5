// SPDX-License-Identifier: MIT
import type { MapConfig } from "./model";
import { fetchJson, fetchText } from "./request";

/** Services of others the map can show. */
export const KINDS = ["wms", "wmts", "wfs", "ogcapi"] as const;
export type OutsideKind = (typeof KINDS)[number];

/** A layer a foreign service offers. */
export interface Offer {
  kind: OutsideKind;
  address: string;
  name: string;
  title: string;
}

export const MOST_FEATURES = 5000;
const MOST_OFFERS = 500;

/** The address at which this server asks the foreign one: browsers meet no stranger. */
export function throughServer(config: MapConfig, address: string): string {
  return `${config.services.outside}?to=${encodeURIComponent(address)}`;
}

/** What the service offers. Throws RequestError. */
export async function listOffers(config: MapConfig, kind: OutsideKind, address: string): Promise<Offer[]> {
  if (kind === "ogcapi") {
    const answer = (await fetchJson(throughServer(config, `${trim(address)}/collections?f=json`))) as { collections?: { id: string; title?: string }[] };
    return (answer.collections ?? []).slice(0, MOST_OFFERS).map(({ id, title }) => ({ kind, address, name: id, title: title ?? id }));
  }
  const text = await fetchText(throughServer(config, withQuery(address, { SERVICE: kind.toUpperCase(), REQUEST: "GetCapabilities" })));
  const read = new DOMParser().parseFromString(text, "text/xml");
  const items = [...read.getElementsByTagNameNS("*", kind === "wfs" ? "FeatureType" : "Layer")];
  const offers = items.flatMap((item) => {
    const name = childText(item, kind === "wmts" ? "Identifier" : "Name");
    return name === "" ? [] : [{ kind, address, name, title: childText(item, "Title", config.language) || name }];
  });
  return offers.slice(0, MOST_OFFERS);
}

/** Where a WMTS describes itself. */
export function tilesDescription({ address }: Offer): string {
  return withQuery(address, { SERVICE: "WMTS", REQUEST: "GetCapabilities" });
}

/** Where the features of a WFS type or a collection are read, as GeoJSON in degrees. */
export function featuresAddress({ kind, address, name }: Offer): string {
  if (kind === "ogcapi") return withQuery(`${trim(address)}/collections/${encodeURIComponent(name)}/items`, { f: "json", limit: String(MOST_FEATURES) });
  return withQuery(address, {
    SERVICE: "WFS",
    VERSION: "1.1.0",
    REQUEST: "GetFeature",
    TYPENAME: name,
    OUTPUTFORMAT: "application/json",
    SRSNAME: "EPSG:4326",
    MAXFEATURES: String(MOST_FEATURES),
  });
}

/** The address with these parameters; those it has of the same name (in any case) give way. */
export function withQuery(address: string, wanted: Record<string, string>): string {
  const [path = "", query = ""] = address.split("?");
  const kept = [...new URLSearchParams(query)].filter(([name]) => !Object.keys(wanted).some((one) => one.toLowerCase() === name.toLowerCase()));
  return `${path}?${new URLSearchParams([...kept, ...Object.entries(wanted)]).toString()}`;
}

function trim(address: string): string {
  return address.replace(/\/+$/, "");
}

/** The text of a child; of several the one in the language. */
function childText(item: Element, name: string, language = ""): string {
  const found = [...item.children].filter((child) => child.localName === name);
  return (found.find((child) => child.getAttribute("xml:lang") === language) ?? found[0])?.textContent.trim() ?? "";
}
