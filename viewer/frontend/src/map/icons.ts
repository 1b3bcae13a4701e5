// SPDX-License-Identifier: MIT
import type { Icon } from "../services/look";
import { tilesAddress } from "../services/look";
import { fetchJson, RequestError } from "../services/request";

/** The symbols of a style, each a picture with `ratio` pixels to a CSS pixel. */
export interface Icons {
  ratio: number;
  pictures: ReadonlyMap<string, HTMLCanvasElement>;
}

export const NO_ICONS: Icons = { ratio: 1, pictures: new Map() };

/** Reads the sprite of a style, the finer one for sharp screens. Throws RequestError. */
export async function loadIcons(layer: string, style: string): Promise<Icons> {
  const ratio = window.devicePixelRatio > 1 ? 2 : 1;
  const address = tilesAddress(layer, `styles/${encodeURIComponent(style)}/sprite${ratio === 2 ? "@2x" : ""}`);
  const [places, sheet] = await Promise.all([fetchJson(`${address}.json`), loadPicture(`${address}.png`)]);
  const pictures = Object.entries(places as Record<string, Icon>).map(([name, icon]): [string, HTMLCanvasElement] => [name, cut(sheet, icon)]);
  return { ratio, pictures: new Map(pictures) };
}

async function loadPicture(address: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
  } catch {
    throw new RequestError("NoPicture", "");
  }
  return picture;
}

function cut(sheet: HTMLImageElement, { x, y, width, height }: Icon): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(sheet, x, y, width, height, 0, 0, width, height);
  return canvas;
}
