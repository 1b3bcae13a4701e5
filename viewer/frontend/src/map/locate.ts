// SPDX-License-Identifier: MIT
import type { LonLat } from "../services/model";

/** The reader's own position (degrees); asks the browser, which asks the reader. Null when refused or not known. */
export function locate(): Promise<LonLat | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) {
      resolve(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        resolve([coords.longitude, coords.latitude]);
      },
      () => {
        resolve(null);
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
