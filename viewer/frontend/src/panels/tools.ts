// SPDX-License-Identifier: MIT
import type { Texts } from "../texts";
import { element, iconButton } from "./dom";

export interface ToolActions {
  zoomIn: () => void;
  zoomOut: () => void;
  home: () => void;
  locate: () => void;
  sketch: () => void;
  time: () => void;
  compare: () => void;
  print: () => void;
  help: () => void;
  share: () => void;
}

/** The two stacks of tools at the right of the map. */
export function showTools(target: HTMLElement, texts: Texts, actions: ToolActions): void {
  const zoom = [iconButton("plus", texts.zoomIn, actions.zoomIn), iconButton("minus", texts.zoomOut, actions.zoomOut)];
  const rest = [
    iconButton("home", texts.home, actions.home),
    iconButton("locate", texts.locate, actions.locate),
    iconButton("ruler", texts.tools.sketch, actions.sketch),
    iconButton("clock", texts.tools.time, actions.time),
    iconButton("compare", texts.compare.tool, actions.compare),
    iconButton("printer", texts.tools.print, actions.print),
    iconButton("share", texts.share, actions.share),
    iconButton("help", texts.help.title, actions.help),
  ];
  target.replaceChildren(element("div", { class: "stack" }, ...zoom), element("div", { class: "stack" }, ...rest));
}
