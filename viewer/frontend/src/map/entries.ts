// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { getCenter, intersects } from "ol/extent.js";
import type { Entry } from "../panels/twin";
import { askItems } from "../services/counts";
import { readFeature } from "../services/items";
import type { Layer } from "../services/model";
import { fetchJson, RequestError } from "../services/request";
import type { Session } from "../session";
import { viewBox } from "./inview";
import type { Themes } from "./themes";
import { extentOf, type Shape } from "./tile-store";
import type { VectorPicture } from "./vector-picture";

const MOST = 40;

/** The objects of the drawn layers in the view, the nearest to its middle first: from the tiles that are there, else from the service. */
export async function entriesInView(map: OlMap, session: Session, themes: Themes): Promise<Entry[]> {
  const vectors = new Map(themes.vectors().map(([layer, vector]) => [layer.id, vector]));
  const lists = session
    .drawn()
    .reverse()
    .filter(({ geometry }) => geometry !== "raster")
    .map(async (layer) => {
      const vector = vectors.get(layer.id);
      return vector === undefined ? askEntries(map, session, layer) : drawnEntries(map, session, layer, vector);
    });
  const found = (await Promise.all(lists)).flat();
  return found.sort((one, other) => one.far - other.far).slice(0, MOST);
}

interface Ranked extends Entry {
  far: number;
}

function drawnEntries(map: OlMap, session: Session, layer: Layer, vector: VectorPicture): Ranked[] {
  const box = map.getView().calculateExtent(map.getSize());
  const [x = 0, y = 0] = getCenter(box);
  const nearest = new Map<unknown, [number, Shape]>();
  for (const shape of vector.tilesInView().flatMap((tile) => vector.drawnIn(tile))) {
    const extent = extentOf(shape);
    if (!intersects(extent, box)) continue;
    const [centreX = 0, centreY = 0] = getCenter(extent);
    const far = Math.hypot(centreX - x, centreY - y);
    const other = nearest.get(shape.id);
    if (other === undefined || far < other[0]) nearest.set(shape.id, [far, shape]);
  }
  const entries = [...nearest.values()].sort(([one], [other]) => one - other).slice(0, MOST);
  return entries.map(([far, { id, properties }]) => ({ layer: layer.id, id: String(id), far, title: titleOf(session, layer, properties), kind: layer.title }));
}

async function askEntries(map: OlMap, session: Session, layer: Layer): Promise<Ranked[]> {
  const query = askItems(layer, { box: viewBox(map), filter: session.shownCql(layer), time: session.timeOf(layer) });
  query.set("limit", String(MOST));
  query.set("f", "json");
  try {
    const answer = await fetchJson(`${session.config.services.items}/${encodeURIComponent(layer.id)}/items?${query.toString()}`);
    const { features = [] } = answer as { features?: Parameters<typeof readFeature>[0][] };
    return features.map((feature) => {
      const { id, properties } = readFeature(feature, layer.id);
      return { layer: layer.id, id, far: 0, title: titleOf(session, layer, properties), kind: layer.title };
    });
  } catch (error) {
    if (error instanceof RequestError) return []; // the layer says in the tree that it is broken
    throw error;
  }
}

function titleOf(session: Session, layer: Layer, properties: Readonly<Record<string, unknown>>): string {
  const title = layer.titleField === null ? null : properties[layer.titleField];
  return typeof title === "string" && title !== "" ? title : session.texts.unnamed;
}
