// SPDX-License-Identifier: MIT
import alert from "lucide-static/icons/triangle-alert.svg";
import down from "lucide-static/icons/arrow-down.svg";
import up from "lucide-static/icons/arrow-up.svg";
import back from "lucide-static/icons/chevron-left.svg";
import close from "lucide-static/icons/x.svg";
import compare from "lucide-static/icons/square-split-horizontal.svg";
import download from "lucide-static/icons/download.svg";
import clock from "lucide-static/icons/clock.svg";
import forward from "lucide-static/icons/chevron-right.svg";
import help from "lucide-static/icons/circle-question-mark.svg";
import home from "lucide-static/icons/house.svg";
import info from "lucide-static/icons/info.svg";
import layers from "lucide-static/icons/layers.svg";
import link from "lucide-static/icons/link.svg";
import locate from "lucide-static/icons/locate-fixed.svg";
import minus from "lucide-static/icons/minus.svg";
import pin from "lucide-static/icons/map-pin.svg";
import pause from "lucide-static/icons/pause.svg";
import play from "lucide-static/icons/play.svg";
import plus from "lucide-static/icons/plus.svg";
import printer from "lucide-static/icons/printer.svg";
import ruler from "lucide-static/icons/ruler.svg";
import search from "lucide-static/icons/search.svg";
import share from "lucide-static/icons/share-2.svg";
import sliders from "lucide-static/icons/sliders-horizontal.svg";
import trash from "lucide-static/icons/trash-2.svg";

const DRAWINGS = {
  alert, back, clock, close, compare, download, forward, help, home, info, layers, link, locate, minus, pause, pin, play, plus, printer, ruler,
  search, share, sliders, trash, up, down,
};

export type IconName = keyof typeof DRAWINGS;

/** One drawing of the icon family; it carries no name, the control around it does. */
export function icon(name: IconName): SVGElement {
  const parsed = new DOMParser().parseFromString(DRAWINGS[name], "image/svg+xml").documentElement;
  const drawing = document.importNode(parsed, true) as unknown as SVGElement;
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  return drawing;
}
