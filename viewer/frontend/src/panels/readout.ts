// SPDX-License-Identifier: MIT
import { formatDegrees, formatZone } from "../services/coordinates";
import { formatNumber } from "../services/format";
import type { LonLat, MapConfig, Zone } from "../services/model";
import type { Texts } from "../texts";
import { element } from "./dom";

export interface Readout {
  tell: (point: LonLat) => void;
  scale: (bar: { metres: number; pixels: number }) => void;
  zone: () => Zone | undefined;
}

/** Scale bar and coordinates at the lower left; the VN-2000 zone can be chosen. */
export function showReadout(target: HTMLElement, config: MapConfig, texts: Texts): Readout {
  const length = element("span", { class: "bar-length" });
  const line = element("span", { class: "bar-line" });
  const degrees = element("span", { class: "degrees" });
  const metres = element("span", { class: "metres" });
  const select = element(
    "select",
    { class: "zone", "aria-label": texts.zoneLabel, title: texts.zoneLabel },
    ...config.zones.map((zone) => element("option", { value: zone.code }, zone.title)),
  );
  select.value = config.zone;
  let last: LonLat | null = null;
  const zone = (): Zone | undefined => config.zones.find(({ code }) => code === select.value) ?? config.zones[0];
  const tell = (point: LonLat): void => {
    last = point;
    degrees.textContent = formatDegrees(point, config.language);
    const chosen = zone();
    metres.textContent = chosen === undefined ? "" : formatZone(point, chosen, config.language);
  };
  select.addEventListener("change", () => {
    if (last !== null) tell(last);
  });
  target.replaceChildren(
    element("div", { class: "bar", role: "img" }, length, line),
    element("div", { class: "coordinates" }, degrees, config.zones.length === 0 ? null : select, metres),
  );
  return {
    tell,
    zone,
    scale: ({ metres: ground, pixels }) => {
      length.textContent = ground >= 1000 ? `${formatNumber(ground / 1000, config.language)} km` : `${formatNumber(ground, config.language)} m`;
      line.style.width = `${pixels}px`;
    },
  };
}
