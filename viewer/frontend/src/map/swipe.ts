// SPDX-License-Identifier: MIT
import { unByKey } from "ol/Observable.js";
import type { EventsKey } from "ol/events.js";
import type BaseLayer from "ol/layer/Base.js";
import type OlMap from "ol/Map.js";
import type RenderEvent from "ol/render/Event.js";
import { getRenderPixel } from "ol/render.js";

export type Side = "left" | "right";

export interface Swipe {
  /** Draws the layer on one side of the divider alone; on both again with null. */
  bind: (layer: BaseLayer, side: Side | null) => void;
  /** Moves the divider: 0 is the left edge of the map, 1 the right one. */
  move: (share: number) => void;
}

/** Cuts layers at a vertical divider. */
export function createSwipe(map: OlMap): Swipe {
  const bound = new Map<BaseLayer, EventsKey[]>();
  let share = 0.5;
  const cut = (side: Side) => (event: RenderEvent) => {
    const { context } = event;
    const [width = 0, height = 0] = map.getSize() ?? [];
    if (!(context instanceof CanvasRenderingContext2D)) return;
    const middle = width * share;
    const [from, to] = side === "left" ? [0, middle] : [middle, width];
    const corners = [[from, 0], [to, 0], [to, height], [from, height]].map((corner) => getRenderPixel(event, corner));
    context.save();
    context.beginPath();
    for (const [x = 0, y = 0] of corners) context.lineTo(x, y);
    context.closePath();
    context.clip();
  };
  const restore = ({ context }: RenderEvent): void => {
    if (context instanceof CanvasRenderingContext2D) context.restore();
  };
  return {
    bind: (layer, side) => {
      unByKey(bound.get(layer) ?? []);
      bound.delete(layer);
      // Canvas layers tell of their rendering under these names, which the base type does not know.
      const told = layer as BaseLayer & { on: (name: "prerender" | "postrender", act: (event: RenderEvent) => void) => EventsKey };
      if (side !== null) bound.set(layer, [told.on("prerender", cut(side)), told.on("postrender", restore)]);
      map.render();
    },
    move: (to) => {
      share = to;
      map.render();
    },
  };
}
