// SPDX-License-Identifier: MIT
import type OlMap from "ol/Map.js";
import { compile, Unsupported } from "../services/expression";
import { RETRY, WELL } from "../services/health";
import type { Layer } from "../services/model";
import { RequestError } from "../services/request";
import type { Session } from "../session";
import { choiceOf, drawBase, gridFor, indexOf, type Pending, type Picture, pictureLayer, THEME_STRETCH } from "./pictures";
import type { Cluster } from "./clusters";
import { createSwipe, type Swipe } from "./swipe";
import type { Shape } from "./tile-store";
import { VectorPicture, type Wish } from "./vector-picture";

type TileLayerOf = Picture["layer"];

/**
 * The switched-on layers: from vector tiles where the browser can draw all that is wished, else as pictures of the server.
 * A layer whose tiles fail is drawn by the server until the reader tries again.
 */
export class Themes {
  readonly swipe: Swipe;
  readonly #map: OlMap;
  readonly #session: Session;
  readonly #pending: Pending;
  readonly #pictures = new Map<string, Picture>();
  readonly #vectors = new Map<string, VectorPicture>();
  /** Layers and styles the server draws. */
  readonly #left = new Set<string>();
  #twins: TileLayerOf[] = [];
  readonly #arrivals: (() => void)[] = [];

  constructor(map: OlMap, session: Session, pending: Pending) {
    this.#map = map;
    this.#session = session;
    this.#pending = pending;
    drawBase(map, session, pending);
    this.swipe = createSwipe(map);
    for (const layer of session.tree) this.#refresh(layer);
    this.#compare();
    session.on("layers", (layer) => {
      this.#refresh(layer);
      if (session.compare !== null) this.#compare();
    });
    session.on("compare", () => {
      for (const layer of session.drawn()) this.#refresh(layer);
      this.#compare();
    });
    session.on("order", () => {
      this.#stack();
    });
    session.on("health", (layer) => {
      if (session.healthOf(layer) === RETRY) this.#retry(layer);
    });
  }

  /** The layers that are drawn from vector tiles now, the topmost first. */
  vectors(): [Layer, VectorPicture][] {
    const drawn = this.#session.drawn().reverse();
    return drawn.flatMap((layer): [Layer, VectorPicture][] => {
      const vector = this.#vectors.get(layer.id);
      return vector?.isVisible === true ? [[layer, vector]] : [];
    });
  }

  /** The topmost cluster under a place (EPSG:3857). */
  clusterAt(place: number[]): Cluster | null {
    return this.vectors().flatMap(([, vector]) => vector.clusterAt(place) ?? [])[0] ?? null;
  }

  /** Calls back whenever a tile has come. */
  onArrival(act: () => void): void {
    this.#arrivals.push(act);
  }

  #refresh(layer: Layer): void {
    const isOn = this.#session.isOn(layer);
    this.#stack();
    if (!isOn) this.#show(layer, null);
    else if (this.#isForTiles(layer)) void this.#drawFromTiles(layer);
    else this.#drawPicture(layer);
  }

  /** Filters and times are the server's to honour; so is what a style asks for and browsers cannot do. */
  #isForTiles(layer: Layer): boolean {
    const { compare } = this.#session;
    const isCut = compare !== null && (compare.kind === "layer" ? compare.layer === layer.id : layer.time !== null);
    if (layer.geometry === "raster" || isCut || this.#session.healthOf(layer).since !== null) return false;
    return this.#session.cqlOf(layer) === null && this.#session.timeOf(layer) === null && !this.#left.has(this.#nameOf(layer));
  }

  #nameOf(layer: Layer): string {
    return `${layer.id} ${this.#session.styleOf(layer)}`;
  }

  /** Lays the layers on each other as the session orders them. */
  #stack(): void {
    for (const layer of this.#session.drawn()) {
      const index = indexOf(this.#session, layer);
      this.#pictures.get(layer.id)?.layer.setZIndex(index);
      this.#vectors.get(layer.id)?.setIndex(index);
    }
  }

  #show(layer: Layer, how: "tiles" | "picture" | null): void {
    this.#pictures.get(layer.id)?.layer.setVisible(how === "picture");
    this.#vectors.get(layer.id)?.setVisible(how === "tiles");
  }

  #drawPicture(layer: Layer): void {
    const session = this.#session;
    const wanted = choiceOf(session, layer);
    const shown = this.#pictures.get(layer.id) ?? pictureLayer(this.#map, session, layer, wanted, this.#pending);
    this.#pictures.set(layer.id, shown);
    shown.layer.setOpacity(session.opacityOf(layer));
    if (JSON.stringify(wanted) !== shown.asked) shown.layer.getSource()?.updateParams(wanted);
    shown.asked = JSON.stringify(wanted);
    this.#show(layer, "picture");
  }

  async #drawFromTiles(layer: Layer): Promise<void> {
    const name = this.#nameOf(layer);
    const vector = this.#vectors.get(layer.id) ?? this.#create(layer);
    try {
      await vector.show(wishOf(this.#session, layer));
    } catch (error) {
      if (!(error instanceof RequestError) && !(error instanceof Unsupported)) throw error;
      this.#left.add(name);
    }
    if (name !== this.#nameOf(layer)) return; // a newer wish has taken its place
    if (!this.#session.isOn(layer) || !this.#isForTiles(layer)) {
      this.#refresh(layer);
      return;
    }
    vector.setOpacity(this.#session.opacityOf(layer));
    this.#show(layer, "tiles");
  }

  #create(layer: Layer): VectorPicture {
    const place = { grid: gridFor(this.#map, THEME_STRETCH), zIndex: indexOf(this.#session, layer) };
    const made = new VectorPicture(this.#map, layer, place, {
      pending: this.#pending,
      arrived: () => {
        if (this.#session.healthOf(layer).since !== null) this.#session.report(layer, WELL);
        for (const act of this.#arrivals) act();
      },
      failed: () => {
        if (this.#left.has(this.#nameOf(layer))) return;
        this.#left.add(this.#nameOf(layer));
        this.#refresh(layer);
      },
    });
    this.#vectors.set(layer.id, made);
    return made;
  }

  /** Asks for tiles and pictures once more. */
  #retry(layer: Layer): void {
    for (const name of this.#left) if (name.startsWith(`${layer.id} `)) this.#left.delete(name);
    this.#pictures.get(layer.id)?.layer.getSource()?.refresh();
    this.#refresh(layer);
  }

  /** Cuts the pictures at the divider: the compared layer is drawn on the left alone, or layers with time once more, at the other time. */
  #compare(): void {
    const session = this.#session;
    for (const twin of this.#twins) {
      this.swipe.bind(twin, null);
      this.#map.removeLayer(twin);
    }
    this.#twins = [];
    for (const { layer } of this.#pictures.values()) this.swipe.bind(layer, null);
    const { compare } = session;
    if (compare === null) return;
    for (const layer of session.drawn()) {
      const picture = this.#pictures.get(layer.id);
      const isCut = compare.kind === "layer" ? compare.layer === layer.id : layer.time !== null;
      if (picture === undefined || !isCut) continue;
      this.swipe.bind(picture.layer, "left");
      if (compare.kind === "layer") continue;
      const asked = { ...choiceOf(session, layer), TIME: compare.time };
      const twin = pictureLayer(this.#map, session, layer, asked, this.#pending).layer;
      twin.setOpacity(session.opacityOf(layer));
      this.swipe.bind(twin, "right");
      this.#twins.push(twin);
    }
  }
}

/** What of a layer is wished for from vector tiles. Throws Unsupported for a class that only the server can leave out. */
function wishOf(session: Session, layer: Layer): Wish {
  const off = session.offOf(layer);
  const conditions = off.map(({ condition }) => {
    if (condition === null) throw new Unsupported("a class");
    return compile(condition);
  });
  return {
    style: session.styleOf(layer),
    hidden: (shape: Shape) => conditions.some((holds) => holds(shape, 0) === true),
    // The base map writes the names of its own layers.
    hasLabels: !session.config.base.layers.includes(layer.id),
    language: session.config.language,
    key: [session.styleOf(layer), ...off.map(({ name }) => name)].join("|"),
  };
}
