// SPDX-License-Identifier: MIT
import { formatNumber } from "../services/format";
import { type Page, PAGE_ROWS } from "../services/table";
import type { Session } from "../session";
import { element, iconButton, textButton } from "./dom";

/** Which rows are shown, and the buttons to the pages around; `trail` holds the addresses up to the shown page. */
export function pageBar(session: Session, page: Page, trail: readonly string[], turn: (trail: string[]) => void): HTMLElement {
  const { texts, config } = session;
  const first = (trail.length - 1) * PAGE_ROWS + 1;
  const numbers = [first, first + page.rows.length - 1, page.matched ?? first + page.rows.length - 1];
  const [from = "", to = "", all = ""] = numbers.map((one) => formatNumber(one, config.language));
  const back = iconButton("back", texts.previous, () => {
    turn(trail.slice(0, -1));
  });
  const on = iconButton("forward", texts.next, () => {
    if (page.next !== null) turn([...trail, page.next]);
  });
  back.disabled = trail.length < 2;
  on.disabled = page.next === null;
  return element("div", { class: "page-bar" }, element("span", { role: "status" }, texts.rows(from, to, all)), back, on);
}

/** What can be done with the ticked rows; null while there are none. */
export function selectionBar(session: Session, count: number, actions: { zoom: (() => void) | null; drop: () => void }): HTMLElement | null {
  const { texts, config } = session;
  if (count === 0) return null;
  return element(
    "div",
    { class: "page-bar" },
    element("span", { role: "status" }, texts.chosenRows(formatNumber(count, config.language))),
    actions.zoom === null ? null : textButton(texts.zoomToRows, actions.zoom),
    textButton(texts.dropRows, actions.drop),
  );
}
