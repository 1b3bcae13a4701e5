// SPDX-License-Identifier: MIT
import type { Texts } from "../texts";
import { byId, element, iconButton } from "./dom";

/** Shows the page's one dialog with this title and body; Escape, the cross and a tap beside it close it, and the focus goes back. */
export function openDialog(texts: Texts, title: string, ...body: Node[]): HTMLDialogElement {
  const dialog = byId("dialog") as HTMLDialogElement;
  const heading = element("h2", { id: "dialog-title" }, title);
  const close = iconButton("close", texts.close, () => {
    dialog.close();
  });
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.replaceChildren(element("div", { class: "dialog-head" }, heading, close), element("div", { class: "dialog-body" }, ...body));
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  dialog.showModal();
  return dialog;
}
