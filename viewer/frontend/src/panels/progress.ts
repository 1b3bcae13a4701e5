// SPDX-License-Identifier: MIT

const PATIENCE_MS = 300;

/** The thin bar at the top: appears when pictures are late by 300 ms, goes when none is awaited. Returns the counter to tell. */
export function startProgress(bar: HTMLElement): (change: 1 | -1) => void {
  let awaited = 0;
  let timer = 0;
  return (change) => {
    awaited = Math.max(0, awaited + change);
    if (awaited === 0) {
      window.clearTimeout(timer);
      timer = 0;
      bar.hidden = true;
    } else if (timer === 0) {
      timer = window.setTimeout(() => {
        bar.hidden = false;
      }, PATIENCE_MS);
    }
  };
}
