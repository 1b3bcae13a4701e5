// SPDX-License-Identifier: MIT
import { formatDegrees, formatZone, readPlace, type TypedPlace } from "../services/coordinates";
import type { Hit } from "../services/model";
import { forgetHits, recentHits, rememberHit } from "../services/recent";
import { searchObjects } from "../services/search";
import type { Session } from "../session";
import { type Option, Suggestions } from "./suggestions";

const PAUSE_MS = 180;

export interface SearchActions {
  openHit: (hit: Hit) => void;
  openPlace: (place: TypedPlace) => void;
}

/** The search box with its suggestions: a combobox for keyboard and screen reader, objects and typed coordinates alike. */
export function startSearch(input: HTMLInputElement, list: HTMLElement, session: Session, actions: SearchActions): void {
  const suggestions = new Suggestions(input, list);
  let running: AbortController | null = null;
  let timer = 0;
  const showRecent = (): void => {
    const hits = recentHits();
    if (hits.length === 0) {
      suggestions.clear();
      return;
    }
    const forget = { title: session.texts.forgetRecent, subtitle: "", act: () => { forgetHits(); input.value = ""; suggestions.clear(); } };
    suggestions.show([...hits.map((hit) => hitOption(hit, actions, session.texts.recent)), forget], "");
  };
  const run = async (chooseFirst: boolean): Promise<void> => {
    window.clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const words = input.value.trim();
    if (words === "") {
      showRecent();
      return;
    }
    const answer = await suggest(words, session, actions, running.signal);
    if (answer === null) return;
    suggestions.show(answer.options, answer.sentence);
    if (chooseFirst) suggestions.press("Enter");
  };
  input.addEventListener("input", () => {
    // What was suggested for the former words must not be chosen for these.
    suggestions.forget();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void run(false), PAUSE_MS);
  });
  input.addEventListener("focus", () => {
    if (input.value.trim() === "") showRecent();
    else suggestions.reopen();
  });
  input.addEventListener("blur", () => {
    suggestions.close();
  });
  input.addEventListener("keydown", (event) => {
    if (suggestions.press(event.key)) event.preventDefault();
    else if (event.key === "Enter") void run(true);
  });
}

async function suggest(
  words: string,
  session: Session,
  actions: SearchActions,
  signal: AbortSignal,
): Promise<{ options: Option[]; sentence: string } | null> {
  const place = placeOption(words, session, actions);
  if (place !== null) return { options: [place], sentence: "" };
  try {
    const hits = await searchObjects(session.config, words, signal);
    return { options: hits.map((hit) => hitOption(hit, actions)), sentence: session.texts.searchNone(words) };
  } catch (error) {
    if (error instanceof DOMException) return null;
    return { options: [], sentence: session.texts.searchFailed };
  }
}

function hitOption(hit: Hit, actions: SearchActions, why = ""): Option {
  const act = (): void => {
    rememberHit(hit);
    actions.openHit(hit);
  };
  return { title: hit.title, subtitle: [why, hit.subtitle].filter(Boolean).join(" · "), act };
}

function placeOption(words: string, session: Session, actions: SearchActions): Option | null {
  const { zone } = session;
  if (zone === undefined) return null;
  const place = readPlace(words, zone, session.config.limit);
  if (place === null) return null;
  const { texts, config } = session;
  const title =
    place.zone === null ? formatDegrees(place.point, config.language) : formatZone(place.point, place.zone, config.language);
  const subtitle = place.zone === null ? texts.placeDegrees : texts.placeZone(place.zone.title);
  return { title, subtitle, act: () => { actions.openPlace(place); } };
}
