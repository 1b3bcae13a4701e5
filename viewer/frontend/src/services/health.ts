// SPDX-License-Identifier: MIT

/** How a layer's pictures arrive; `since` is null while they do. */
export interface Health {
  since: Date | null;
  reason: string;
}

export const WELL: Health = Object.freeze({ since: null, reason: "" });

/** Reported to ask for a layer's pictures once more. */
export const RETRY: Health = Object.freeze({ since: null, reason: "retry" });
