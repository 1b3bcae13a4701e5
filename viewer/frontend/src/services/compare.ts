// SPDX-License-Identifier: MIT

/** What the right side of the map shows otherwise: one layer not at all, or the layers with time at another time. */
export type Compare = { kind: "layer"; layer: string } | { kind: "time"; time: string };

const TIME = /^\d{4}(-\d\d)?([-T:.\dZ+]*)$/;

/** The comparison of a link; null when it cannot be read. */
export function readCompare(text: string | null): Compare | null {
  const [kind, ...rest] = (text ?? "").split("=");
  const value = rest.join("=");
  if (kind === "layer" && value !== "") return { kind, layer: value };
  return kind === "time" && TIME.test(value) ? { kind, time: value } : null;
}

/** The comparison as a link bears it: `layer=stations`, `time=2019`. */
export function writeCompare(compare: Compare): string {
  return compare.kind === "layer" ? `layer=${compare.layer}` : `time=${compare.time}`;
}
