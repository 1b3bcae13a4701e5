// SPDX-License-Identifier: MIT
import { BASE_LOOKS } from "../services/link";
import type { Session } from "../session";
import { element, textButton } from "./dom";

/** The choice of the base map: light, dark, and a photo where the province has one. */
export function baseChoice(session: Session): HTMLElement {
  const { texts, config } = session;
  const looks = BASE_LOOKS.filter((look) => look !== "photo" || config.base.photo !== null);
  const buttons = looks.map((look) => textButton(texts.base[look], () => { session.setBase(look); }, "segment"));
  const update = (): void => {
    for (const [at, look] of looks.entries()) buttons[at]?.setAttribute("aria-pressed", String(look === session.base));
  };
  update();
  session.on("base", update);
  return element("section", { class: "base-choice", "aria-label": texts.base.title }, element("span", {}, texts.base.title), element("div", { class: "segments", role: "group", "aria-label": texts.base.title }, ...buttons));
}
