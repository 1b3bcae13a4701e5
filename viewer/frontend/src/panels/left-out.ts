// SPDX-License-Identifier: MIT
import type { Texts } from "../texts";
import { element } from "./dom";

const MOST = 5;

/** Says which layers of other services and files are not on paper and pictures, which this server draws; nothing without any. */
export function leftOut(texts: Texts, titles: readonly string[]): HTMLElement[] {
  if (titles.length === 0) return [];
  const named = titles.slice(0, MOST).join(", ") + (titles.length > MOST ? ", …" : "");
  return [element("p", { class: "note left-out" }, texts.leftOut(named))];
}
