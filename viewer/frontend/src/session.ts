// SPDX-License-Identifier: MIT
import type { Compare } from "./services/compare";
import { type Filter, toCql } from "./services/filter";
import { type Health, WELL } from "./services/health";
import type { BaseLook, LayerChoice, LinkState } from "./services/link";
import type { Layer, MapConfig, Zone } from "./services/model";
import { choicesAtStart, laid, stack } from "./services/order";
import type { Offer } from "./services/outside";
import type { LegendClass } from "./services/wms";
import type { Texts } from "./texts";

export interface Chosen {
  layer: string;
  id: string;
}

interface Events {
  layers: Layer;
  health: Layer;
  counts: Layer;
  /** Which classes of the layer lie in the view has become known. */
  present: Layer;
  scale: number;
  chosen: Chosen | null;
  notice: string;
  subject: Layer | undefined;
  time: string | null;
  compare: Compare | null;
  base: BaseLook;
  order: undefined;
  offers: undefined;
}

type Listener<T> = (value: T) => void;

/** The one place for what the reader has chosen: layers on, their opacity and style, the chosen object. Panels and map listen to it. */
export class Session {
  readonly config: MapConfig;
  readonly texts: Texts;
  readonly #choices = new Map<string, LayerChoice>();
  readonly #health = new Map<string, Health>();
  readonly #inView = new Map<string, number | null>();
  readonly #present = new Map<string, ReadonlySet<string>>();
  readonly #listeners: { [K in keyof Events]: Listener<Events[K]>[] } = { layers: [], health: [], counts: [], present: [], scale: [], chosen: [], notice: [], subject: [], time: [], compare: [], base: [], order: [], offers: [] };
  #chosen: Chosen | null = null;
  #scale = 0;
  #subject: Layer | undefined;
  #time: string | null = null;
  #compare: Compare | null;
  #base: BaseLook;
  #order: readonly string[];
  #offers: readonly Offer[] = [];
  readonly #filters = new Map<string, Filter>();
  readonly #off = new Map<string, LegendClass[]>();
  /** The VN-2000 zone coordinates are shown and typed in. */
  zone: Zone | undefined;
  isSketching = false; // clicks on the map then belong to the drawing

  constructor(config: MapConfig, texts: Texts, link: Pick<LinkState, "layers" | "filters" | "time" | "compare" | "base" | "order">) {
    this.config = config;
    this.texts = texts;
    this.zone = config.zones.find(({ code }) => code === config.zone) ?? config.zones[0];
    this.#time = link.time;
    this.#compare = link.compare;
    this.#base = link.base === "photo" && config.base.photo === null ? "light" : link.base;
    for (const [id, filter] of Object.entries(link.filters)) this.#filters.set(id, filter);
    this.#order = link.order;
    for (const choice of choicesAtStart(link, this.tree)) this.#choices.set(choice.id, choice);
  }

  /** Layers that can be switched on and off, in the order of the tree. */
  get tree(): Layer[] {
    return this.config.layers.filter((layer) => layer.inTree);
  }

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): void {
    this.#listeners[event].push(listener);
  }

  isOn = (layer: Layer): boolean => this.#choices.has(layer.id);

  /** Switched-on layers in the order they are drawn: the last lies on top. */
  drawn(): Layer[] {
    return stack(this.tree.filter((layer) => this.isOn(layer)), this.#order);
  }

  /** The ids of layers from the bottom up, as the reader ordered them; empty for the usual order. */
  get order(): readonly string[] {
    return this.#order;
  }

  /** Lays a drawn layer at a place among the others: 0 is the bottom. */
  lay(layer: Layer, at: number): void {
    this.#order = laid(this.drawn().map(({ id }) => id), layer.id, at);
    this.#tell("order", undefined);
  }

  /** Foreign layers the reader added, which a link bears. */
  get offers(): readonly Offer[] {
    return this.#offers;
  }

  setOffers(offers: readonly Offer[]): void {
    this.#offers = offers;
    this.#tell("offers", undefined);
  }

  /** Makes everything as a link says, but for the position and the chosen object. */
  apply(link: LinkState): void {
    this.#order = link.order;
    const wanted = new Map(choicesAtStart(link, this.tree).map((choice) => [choice.id, choice]));
    const changed = this.tree.filter(({ id }) => JSON.stringify(wanted.get(id)) !== JSON.stringify(this.#choices.get(id)));
    const filtered = this.config.layers.filter(({ id }) => JSON.stringify(link.filters[id]) !== JSON.stringify(this.#filters.get(id)));
    this.#choices.clear();
    for (const [id, choice] of wanted) this.#choices.set(id, choice);
    this.#filters.clear();
    for (const [id, filter] of Object.entries(link.filters)) this.#filters.set(id, filter);
    for (const layer of new Set([...changed, ...filtered])) this.#tell("layers", layer);
    this.setTime(link.time);
    if (JSON.stringify(link.compare) !== JSON.stringify(this.#compare)) this.setCompare(link.compare);
    if (link.base !== this.#base && !(link.base === "photo" && this.config.base.photo === null)) this.setBase(link.base);
    this.#tell("order", undefined);
  }

  choices(): LayerChoice[] {
    return this.tree.flatMap((layer) => this.#choices.get(layer.id) ?? []);
  }

  opacityOf(layer: Layer): number {
    return this.#choices.get(layer.id)?.opacity ?? 1;
  }

  /** Name of the style the layer is drawn with. */
  styleOf(layer: Layer): string {
    const wanted = this.#choices.get(layer.id)?.style ?? "";
    return layer.styles.some((style) => style.id === wanted) ? wanted : (layer.styles[0]?.id ?? "");
  }

  toggle(layer: Layer, on: boolean): void {
    if (!layer.inTree || on === this.isOn(layer)) return;
    if (on) this.#choices.set(layer.id, { id: layer.id, opacity: 1, style: "" });
    else this.#choices.delete(layer.id);
    this.#tell("layers", layer);
  }

  adjust(layer: Layer, change: Partial<Pick<LayerChoice, "opacity" | "style">>): void {
    const choice = this.#choices.get(layer.id);
    if (choice === undefined) return;
    this.#choices.set(layer.id, { ...choice, ...change });
    this.#tell("layers", layer);
  }

  /** The layer the filter and the table are about. */
  get subject(): Layer | undefined {
    return this.#subject ?? this.drawn().reverse().find(({ geometry }) => geometry !== "raster") ?? this.records[0];
  }

  /** Layers with objects, which a table can list: those of the tree and the records without place. */
  get records(): Layer[] {
    return this.config.layers.filter((layer) => (layer.inTree && layer.geometry !== "raster") || layer.geometry === "none");
  }

  setSubject(layer: Layer): void {
    this.#subject = layer;
    this.toggle(layer, true);
    this.#tell("subject", layer);
  }

  filterOf(layer: Layer): Filter | undefined {
    return this.#filters.get(layer.id);
  }

  /** The filter of a layer in CQL2 text; null without one. */
  cqlOf(layer: Layer): string | null {
    return toCql(this.#filters.get(layer.id), layer);
  }

  /** The filters that ask something, by layer. */
  filters(): Record<string, Filter> {
    return Object.fromEntries([...this.#filters].filter(([id]) => this.config.layers.some((layer) => layer.id === id && this.cqlOf(layer) !== null)));
  }

  setFilter(layer: Layer, filter: Filter | null): void {
    if (filter === null) this.#filters.delete(layer.id);
    else this.#filters.set(layer.id, filter);
    this.#tell("layers", layer);
  }

  /** The classes of the layer's present style that are left out of the map. */
  offOf(layer: Layer): readonly LegendClass[] {
    return this.#off.get(`${layer.id} ${this.styleOf(layer)}`) ?? [];
  }

  setOff(layer: Layer, classes: LegendClass[]): void {
    this.#off.set(`${layer.id} ${this.styleOf(layer)}`, classes);
    this.#tell("layers", layer);
  }

  /** What is drawn of a layer, in CQL2 text: its filter without the classes switched off; null for everything. */
  shownCql(layer: Layer): string | null {
    const without = this.offOf(layer).flatMap((one) => one.without ?? []);
    const parts = [this.cqlOf(layer), ...without].flatMap((one) => one ?? []);
    return parts.length < 2 ? (parts[0] ?? null) : parts.map((one) => `(${one})`).join(" AND ");
  }

  get time(): string | null {
    return this.#time;
  }

  /** The time a layer is shown at: null for all of it, and for layers without time. */
  timeOf(layer: Layer): string | null {
    return layer.time === null ? null : this.#time;
  }

  setTime(time: string | null): void {
    if (time === this.#time) return;
    this.#time = time;
    this.#tell("time", time);
    for (const layer of this.config.layers) if (layer.time !== null) this.#tell("layers", layer);
  }

  /** What the right side of the divider shows otherwise; null without a divider. */
  get compare(): Compare | null {
    return this.#compare;
  }

  setCompare(compare: Compare | null): void {
    this.#compare = compare;
    this.#tell("compare", compare);
  }

  /** The look of the base map. */
  get base(): BaseLook {
    return this.#base;
  }

  setBase(base: BaseLook): void {
    this.#base = base;
    this.#tell("base", base);
  }

  healthOf(layer: Layer): Health {
    return this.#health.get(layer.id) ?? WELL;
  }

  report(layer: Layer, health: Health): void {
    this.#health.set(layer.id, health);
    this.#tell("health", layer);
  }

  /** How many objects of a layer lie in the map; null while that is not known. */
  inView(layer: Layer): number | null {
    return this.#inView.get(layer.id) ?? null;
  }

  tellInView(layer: Layer, count: number | null): void {
    this.#inView.set(layer.id, count);
    this.#tell("counts", layer);
  }

  /** The names of the classes of a layer that lie in the view; null while that is not known. */
  presentOf(layer: Layer): ReadonlySet<string> | null {
    return this.#present.get(layer.id) ?? null;
  }

  tellPresent(layer: Layer, names: ReadonlySet<string> | null): void {
    if (names === null) this.#present.delete(layer.id);
    else this.#present.set(layer.id, names);
    this.#tell("present", layer);
  }

  /** The map's scale denominator as OGC services reckon it (0.28 mm pixels, EPSG:3857 metres). */
  get scale(): number {
    return this.#scale;
  }

  tellScale(denominator: number): void {
    this.#scale = denominator;
    this.#tell("scale", denominator);
  }

  get chosen(): Chosen | null {
    return this.#chosen;
  }

  choose(chosen: Chosen | null): void {
    this.#chosen = chosen;
    this.#tell("chosen", chosen);
  }

  /** Says one sentence to the reader, on screen and to assistive technology. */
  notify(sentence: string): void {
    this.#tell("notice", sentence);
  }

  #tell<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of this.#listeners[event]) listener(value);
  }
}
