// SPDX-License-Identifier: MIT
import { findLayer } from "../services/config";
import { formatDegrees, formatZone } from "../services/coordinates";
import { formatDate } from "../services/format";
import { itemAddress, pageAddress } from "../services/items";
import type { Found, Layer, LonLat } from "../services/model";
import { formerUntil } from "../services/validity";
import type { Session } from "../session";
import { factList, type Follow, isIllustrative, sectionList, titleOf } from "./attributes";
import { element, iconButton, textButton } from "./dom";
import { figure, figureFields } from "./figure";
import { icon } from "./icons";
import type { Sheet } from "./sheet";

export interface CardActions {
  /** The reader picked an object from the list. */
  pick: (found: Found) => void;
  /** The reader follows a link to another object. */
  follow: Follow;
  zoomTo: () => void;
  share: () => void;
  close: () => void;
}

export interface Card {
  showList: (found: readonly Found[]) => void;
  showObject: (found: Found, from: readonly Found[]) => void;
  showPlace: (point: LonLat, how: string) => void;
  hide: () => void;
  isOpen: () => boolean;
}

/** The card beside the panel (a sheet on phones): one object, or the list of objects at a point. */
export function createCard(sheet: Sheet, session: Session, actions: CardActions): Card {
  const { texts, config } = session;
  const open = (title: string, subtitle: (Node | string)[], body: Node[], back: Node | null): void => {
    const heading = element("h2", { tabindex: "-1" }, title);
    const head = element(
      "div",
      { class: "card-head" },
      back,
      element("div", { class: "card-titles" }, heading, element("p", { class: "card-subtitle" }, ...subtitle)),
      iconButton("close", texts.close, actions.close),
    );
    sheet.show(head, element("div", { class: "card-body" }, ...body));
    heading.focus({ preventScroll: true });
  };
  const showList = (found: readonly Found[]): void => {
    const entries = found.map((one) => listEntry(session, one, actions.pick));
    open(texts.identifyCount(found.length), [], [element("ul", { class: "hits" }, ...entries)], null);
  };
  return {
    showList,
    showObject: (found, from) => {
      const layer = findLayer(config, found.layer);
      const back = from.length > 1 ? backButton(session, () => { showList(from); }) : null;
      open(titleOf(config, found, texts.unnamed), subtitleOf(session, layer, found), objectBody(session, layer, found, actions), back);
    },
    showPlace: (point, how) => {
      open(formatDegrees(point, config.language), [how], [whereabouts(session, point), buttons(session, actions, true, null), reportLink(session, texts.report.here, `place=${point[1].toFixed(5)},${point[0].toFixed(5)}`)], null);
    },
    hide: sheet.hide,
    isOpen: sheet.isOpen,
  };
}

function backButton(session: Session, act: () => void): HTMLElement {
  return iconButton("back", session.texts.back, act);
}

/** The layer, and what a reader must know before the facts: made up, or no longer valid. */
function subtitleOf(session: Session, layer: Layer | undefined, found: Found): (Node | string)[] {
  if (layer === undefined) return [];
  const { texts } = session;
  const until = formerUntil(layer, found);
  const badges = [
    until === null ? null : badge(texts.until(formatDate(until, false)), texts.untilWhy),
    isIllustrative(layer, found) ? badge(texts.illustrative, texts.illustrativeWhy) : null,
  ];
  return [layer.title, ...badges.flatMap((one) => (one === null ? [] : [" ", one]))];
}

function badge(words: string, why: string): HTMLElement {
  return element("span", { class: "badge", title: why }, words);
}

function objectBody(session: Session, layer: Layer | undefined, found: Found, actions: CardActions): Node[] {
  if (layer === undefined) return [];
  const { texts, config } = session;
  const papers = [layer.source, layer.licence].filter(Boolean).join(" · ");
  const point = pointOf(found);
  const parts = [
    ...facts(session, layer, found, actions.follow),
    point === null ? null : whereabouts(session, point),
    isIllustrative(layer, found) ? element("p", { class: "warning" }, icon("info"), texts.illustrativeWhy) : null,
    papers === "" ? null : element("p", { class: "papers" }, `${texts.source}: ${papers}`),
    layer.geometry === "raster" ? null : buttons(session, actions, found.geometry !== null, { page: pageAddress(layer, found.id, config.language), file: itemAddress(config, found.layer, found.id) }),
  ];
  if (layer.geometry !== "raster") parts.push(reportLink(session, texts.report.wrong, `kind=data&object=${encodeURIComponent(`${layer.id}.${found.id}`)}`));
  return parts.filter((part) => part !== null);
}

/** Coordinates of a point in both systems: on phones the card is the only place for them. */
function whereabouts(session: Session, point: LonLat): HTMLElement {
  const { config, zone } = session;
  const metres = zone === undefined ? null : element("span", {}, `${zone.title}: ${formatZone(point, zone, config.language)}`);
  return element("p", { class: "whereabouts" }, element("span", {}, `WGS 84: ${formatDegrees(point, config.language)}`), metres);
}

/** The way to the form on which people report a place or wrong data. */
function reportLink(session: Session, words: string, query: string): HTMLElement {
  const language = session.config.language === "en" ? "&lang=en" : "";
  return element("p", { class: "papers" }, element("a", { href: `/phan-anh?${query}${language}` }, words));
}

function pointOf(found: Found): LonLat | null {
  if (found.geometry?.type !== "Point") return null;
  const [lon, lat] = found.geometry.coordinates as number[];
  return lon === undefined || lat === undefined ? null : [lon, lat];
}

/** The figure and the few telling fields first; everything else one tap away. */
function facts(session: Session, layer: Layer, found: Found, follow: Follow): (Node | null)[] {
  const { config, texts } = session;
  const sections = sectionList(config, layer, found, follow);
  const fields = figureFields(layer);
  const shown = fields === null ? null : figure(layer, fields, found, config.language);
  const dates = shown === null ? [] : layer.popup.filter((name) => layer.fields[name]?.type.startsWith("date"));
  const told = shown === null || fields === null ? [] : [fields.value, fields.kind, dates[0]];
  const first = factList(config, found, layer.popup.filter((name) => !told.includes(name)), follow);
  if (first === null && shown === null) return sections;
  const all = element("details", { class: "all" }, element("summary", {}, texts.allFields), ...sections);
  return [shown, first, all];
}

function buttons(session: Session, actions: CardActions, hasPlace: boolean, links: { page: string | null; file: string } | null): HTMLElement {
  const { texts } = session;
  const page = links?.page ?? null;
  return element(
    "div",
    { class: "card-actions" },
    page === null ? null : element("a", { class: "button primary", href: page }, texts.openPage),
    hasPlace ? textButton(texts.zoomTo, actions.zoomTo, page === null ? "button primary" : "button") : null,
    links === null ? null : element("a", { class: "button", href: `${links.file}?f=json`, download: true, title: texts.download }, "GeoJSON"),
    iconButton("link", texts.copyLink, actions.share, "icon-button framed"),
  );
}

function listEntry(session: Session, found: Found, pick: (found: Found) => void): HTMLElement {
  const layer = findLayer(session.config, found.layer);
  const title = titleOf(session.config, found, session.texts.unnamed);
  const button = element(
    "button",
    { type: "button", class: "hit" },
    element("span", { class: "hit-title" }, title),
    element("span", { class: "hit-subtitle" }, ...subtitleOf(session, layer, found)),
  );
  button.addEventListener("click", () => {
    pick(found);
  });
  return element("li", {}, button);
}
