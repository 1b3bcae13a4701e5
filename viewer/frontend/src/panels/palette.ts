// SPDX-License-Identifier: MIT
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { textButton } from "./dom";

// The style every reader can tell the classes of bears the name of the official one and this ending.
const SAFE = "_safe";

/** The switch between the official colours and those everybody can tell apart; null where a layer has only one palette. */
export function paletteSwitch(session: Session, layer: Layer): HTMLElement | null {
  const present = session.styleOf(layer);
  const isSafe = present.endsWith(SAFE);
  const other = isSafe ? present.slice(0, -SAFE.length) : present + SAFE;
  if (!session.isOn(layer) || !layer.styles.some(({ id }) => id === other)) return null;
  return textButton(
    isSafe ? session.texts.officialPalette : session.texts.safePalette,
    () => {
      session.adjust(layer, { style: other });
    },
    "link-button palette",
  );
}
