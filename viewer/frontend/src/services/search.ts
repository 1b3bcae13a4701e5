// SPDX-License-Identifier: MIT
import type { Hit, MapConfig } from "./model";
import { fetchJson } from "./request";

const LIMIT = 8;

/** Objects whose searchable fields hold the words; the server ignores accents and ranks exact accents first. */
export async function searchObjects(config: MapConfig, words: string, signal: AbortSignal): Promise<Hit[]> {
  const query = new URLSearchParams({ q: words, lang: config.language, limit: String(LIMIT) });
  const answer = (await fetchJson(`${config.services.search}?${query.toString()}`, signal)) as { hits: Hit[] };
  return answer.hits;
}
