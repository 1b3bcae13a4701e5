// SPDX-License-Identifier: MIT
import alert from "lucide-static/icons/triangle-alert.svg";
import back from "lucide-static/icons/chevron-left.svg";
import close from "lucide-static/icons/x.svg";
import download from "lucide-static/icons/download.svg";
import home from "lucide-static/icons/house.svg";
import info from "lucide-static/icons/info.svg";
import layers from "lucide-static/icons/layers.svg";
import link from "lucide-static/icons/link.svg";
import locate from "lucide-static/icons/locate-fixed.svg";
import minus from "lucide-static/icons/minus.svg";
import pin from "lucide-static/icons/map-pin.svg";
import plus from "lucide-static/icons/plus.svg";
import search from "lucide-static/icons/search.svg";
import share from "lucide-static/icons/share-2.svg";
import sliders from "lucide-static/icons/sliders-horizontal.svg";

const DRAWINGS = { alert, back, close, download, home, info, layers, link, locate, minus, pin, plus, search, share, sliders };

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
