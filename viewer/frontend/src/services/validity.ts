// SPDX-License-Identifier: MIT
import type { Found, Layer } from "./model";

const ZONE = "Asia/Ho_Chi_Minh";

/** Today in Viet Nam as YYYY-MM-DD. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: ZONE }).format(now);
}

/** The last day (YYYY-MM-DD) of an object that is no longer valid; null for what stands today. */
export function formerUntil(layer: Layer, found: Found, day = today()): string | null {
  const until = layer.validity ? found.properties.valid_to : null;
  return typeof until === "string" && until < day ? until : null;
}
