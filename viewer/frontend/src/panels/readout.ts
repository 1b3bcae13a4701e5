// SPDX-License-Identifier: MIT
import { formatDegrees, formatZone } from "../services/coordinates";
import { formatNumber } from "../services/format";
import type { LonLat } from "../services/model";
import type { Session } from "../session";
import { element } from "./dom";

export interface Readout {
  tell: (point: LonLat) => void;
  scale: (bar: { metres: number; pixels: number }) => void;
}

/** Scale bar and coordinates at the lower left; the VN-2000 zone can be chosen. */
export function showReadout(target: HTMLElement, session: Session): Readout {
  const { config, texts } = session;
  const length = element("span", { class: "bar-length" });
  const line = element("span", { class: "bar-line" });
  const degrees = element("span", { class: "degrees" });
  const metres = element("span", { class: "metres" });
  const select = element(
    "select",
    { class: "zone", "aria-label": texts.zoneLabel, title: texts.zoneLabel },
    ...config.zones.map((zone) => element("option", { value: zone.code }, zone.title)),
  );
  select.value = session.zone?.code ?? "";
  let last: LonLat | null = null;
  const tell = (point: LonLat): void => {
    last = point;
    degrees.textContent = formatDegrees(point, config.language);
    metres.textContent = session.zone === undefined ? "" : formatZone(point, session.zone, config.language);
  };
  select.addEventListener("change", () => {
    session.zone = config.zones.find(({ code }) => code === select.value);
    if (last !== null) tell(last);
  });
  const bar = element("div", { class: "bar", role: "img" }, length, line);
  target.replaceChildren(
    bar,
    element("div", { class: "coordinates" }, degrees, config.zones.length === 0 ? null : select, metres),
  );
  return {
    tell,
    scale: ({ metres: ground, pixels }) => {
      length.textContent = ground >= 1000 ? `${formatNumber(ground / 1000, config.language)} km` : `${formatNumber(ground, config.language)} m`;
      bar.setAttribute("aria-label", texts.scaleBar(length.textContent));
      line.style.width = `${pixels}px`;
    },
  };
}
