// SPDX-License-Identifier: MIT

const PATIENCE_MS = 300;

export interface Progress {
  /** Told of each picture asked for (1) and ended (-1). */
  count: (change: 1 | -1) => void;
  /** Nothing is awaited any more: pictures given up on the way never tell of their end. */
  rest: () => void;
}

/** The thin bar at the top: appears when pictures are late by 300 ms, goes when none is awaited. */
export function startProgress(bar: HTMLElement): Progress {
  let awaited = 0;
  let timer = 0;
  const count = (change: number): void => {
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
  return {
    count,
    rest: () => {
      count(-awaited);
    },
  };
}
