// SPDX-License-Identifier: MIT
import type { Credit } from "../services/model";
import type { Session } from "../session";
import { element } from "./dom";

/** Who made what is on screen, with the licences, at the lower right; follows the switched-on layers. */
export function showSources(target: HTMLElement, session: Session): void {
  const list = element("ul");
  const summary = element("summary", {}, session.texts.sources);
  const update = (): void => {
    const credits = collect([...session.drawn().reverse(), ...session.config.base.credits]);
    list.replaceChildren(...credits.map(([source, licence]) => element("li", {}, licence === "" ? source : `${source} (${licence})`)));
    summary.textContent = short(credits, session.texts.sources);
  };
  update();
  session.on("layers", update);
  const software = element("a", { href: "/static/build/licences.txt", class: "software" }, session.texts.software);
  target.replaceChildren(element("details", {}, summary, list, software));
}

function collect(credits: readonly Credit[]): [string, string][] {
  const seen = new Map(credits.filter(({ source }) => source !== "").map(({ source, licence }) => [source, licence]));
  return [...seen.entries()];
}

function short(credits: readonly [string, string][], fallback: string): string {
  const first = credits[0];
  if (first === undefined) return fallback;
  return `${fallback}: ${first[0]}${credits.length > 1 ? ` +${credits.length - 1}` : ""}`;
}
