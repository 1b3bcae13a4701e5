// SPDX-License-Identifier: MIT
import type { Hit } from "./model";

const KEPT = "xanh.recent";
const MOST = 5;

/** What was found before in this browser, the latest first; nothing where the browser keeps nothing. */
export function recentHits(): Hit[] {
  try {
    const read: unknown = JSON.parse(window.localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(read) ? (read as unknown[]).filter(isHit).slice(0, MOST) : [];
  } catch {
    return []; // kept by something else, or forbidden
  }
}

/** Remembers a hit as the latest. */
export function rememberHit(hit: Hit): void {
  const others = recentHits().filter(({ layer, id }) => layer !== hit.layer || id !== hit.id);
  try {
    window.localStorage.setItem(KEPT, JSON.stringify([hit, ...others].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing forgets searches too.
  }
}

export function forgetHits(): void {
  try {
    window.localStorage.removeItem(KEPT);
  } catch {
    // nothing was kept
  }
}

function isHit(one: unknown): one is Hit {
  const hit = one as Partial<Record<keyof Hit, unknown>> | null;
  return hit !== null && [hit.layer, hit.id, hit.title, hit.subtitle].every((part) => typeof part === "string");
}
