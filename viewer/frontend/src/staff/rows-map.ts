// SPDX-License-Identifier: MIT
import { boundingExtent, buffer } from "ol/extent.js";
import type Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import GeoJSON from "ol/format/GeoJSON.js";
import ImageLayer from "ol/layer/Image.js";
import VectorLayer from "ol/layer/Vector.js";
import OlMap from "ol/Map.js";
import { transformExtent } from "ol/proj.js";
import ImageWMS from "ol/source/ImageWMS.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import RegularShape from "ol/style/RegularShape.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import View from "ol/View.js";

type Sort = "accepted" | "repaired" | "rejected";
const ORDER: readonly Sort[] = ["accepted", "repaired", "rejected"];
const NEAR_PX = 8;
const MAX_ZOOM = 20;

/** Puts a map in the place of the picture of rows; when it cannot be had, the picture stays. */
export async function drawRows(target: HTMLElement): Promise<void> {
  const { from = "", box = "", layers = "", styles = "", label = "" } = target.dataset;
  const answer = await fetch(from).catch(() => null);
  if (answer?.ok !== true) return;
  const features = new GeoJSON().readFeatures(await answer.json(), { featureProjection: "EPSG:3857" });
  if (features.length === 0) return;
  target.replaceChildren();
  target.classList.add("live");
  target.tabIndex = 0;
  target.setAttribute("role", "application");
  target.setAttribute("aria-label", label);
  const looks = makeLooks();
  const rows = new VectorLayer({ source: new VectorSource({ features }), style: (feature) => looks[sortOf(feature)] });
  const map = new OlMap({ target, layers: [rows], view: new View({ maxZoom: MAX_ZOOM }) });
  if (layers !== "") {
    const params = { LAYERS: layers, STYLES: styles, VERSION: "1.3.0", FORMAT: "image/png" };
    map.getLayers().insertAt(0, new ImageLayer({ source: new ImageWMS({ url: "/wms", params, ratio: 1 }) }));
  }
  map.getView().fit(transformExtent(box.split(" ").map(Number), "EPSG:4326", "EPSG:3857"), { padding: [40, 40, 40, 40], maxZoom: 16 });
  listen(map, features, target);
}

/** A tap tells what becomes of the row; Enter asks about the middle. */
function listen(map: OlMap, features: Feature[], target: HTMLElement): void {
  const told = document.getElementById("row-told");
  const ask = (pixel: number[]): void => {
    const around = buffer(boundingExtent([map.getCoordinateFromPixel(pixel)]), NEAR_PX * (map.getView().getResolution() ?? 1));
    const found = features.filter((one) => one.getGeometry()?.intersectsExtent(around)).sort((a, b) => ORDER.indexOf(sortOf(b)) - ORDER.indexOf(sortOf(a)));
    if (told !== null) told.textContent = found[0] === undefined ? "" : describe(found[0], target.dataset);
  };
  map.on("click", (event) => {
    ask(event.pixel);
  });
  target.addEventListener("keydown", (event) => {
    if (event.key === "Enter") ask([target.clientWidth / 2, target.clientHeight / 2]);
  });
}

function describe(feature: FeatureLike, words: DOMStringMap): string {
  const text: unknown = feature.get(words.language === "en" ? "text" : "text_vi");
  const head = `${words.row ?? ""} ${String(feature.get("row"))}: ${words[sortOf(feature)] ?? ""}`;
  return typeof text === "string" && text !== "" ? `${head} – ${text}` : head;
}

function sortOf(feature: FeatureLike): Sort {
  const sort: unknown = feature.get("sort");
  return ORDER.find((one) => one === sort) ?? "accepted";
}

function makeLooks(): Record<Sort, Style> {
  const look = (colour: string, at: Sort, image: Circle | RegularShape, dash?: number[]): Style =>
    new Style({
      image,
      fill: new Fill({ color: `${colour}33` }),
      stroke: new Stroke({ color: colour, width: at === "accepted" ? 1.5 : 2.5, ...(dash ? { lineDash: dash } : {}) }),
      zIndex: ORDER.indexOf(at),
    });
  const tokens = getComputedStyle(document.documentElement);
  const [good, mended, bad, ink, paper] = ["row-good", "row-mended", "row-bad", "ink", "paper"].map((name) => tokens.getPropertyValue(`--${name}`).trim()) as [string, string, string, string, string];
  const dark = new Stroke({ color: ink, width: 1 });
  const cross = new Stroke({ color: bad, width: 3 });
  return {
    accepted: look(good, "accepted", new Circle({ radius: 5, fill: new Fill({ color: good }), stroke: new Stroke({ color: paper, width: 1.25 }) })),
    repaired: look(mended, "repaired", new RegularShape({ points: 4, radius: 7, fill: new Fill({ color: mended }), stroke: dark }), [8, 4]),
    rejected: look(bad, "rejected", new RegularShape({ points: 4, radius: 8, radius2: 0, angle: Math.PI / 4, stroke: cross }), [2, 5]),
  };
}

