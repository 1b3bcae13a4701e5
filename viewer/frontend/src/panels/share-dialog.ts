// SPDX-License-Identifier: MIT
import { type Frame, pictureAddress, worldFile } from "../services/picture";
import { RequestError } from "../services/request";
import { shorten } from "../services/short-link";
import type { Drawn } from "../services/wms";
import type { Session } from "../session";
import { copyText } from "./copy";
import { openDialog } from "./dialog";
import { element, saveFile, textButton } from "./dom";
import { leftOut } from "./left-out";

/** Link, QR code, code to embed, and the picture of the view with its place on the ground; `guests` (layers brought along) are not on it. */
export function openShare(session: Session, frame: Frame, drawn: readonly Drawn[], guests: readonly string[]): void {
  const { texts, config } = session;
  const { href, pathname, search } = window.location;
  const embedded = new URL(href);
  embedded.searchParams.set("embed", "1");
  const snippet = `<iframe src="${embedded.href.replaceAll("&", "&amp;")}" width="800" height="500" title="${texts.shareTitle}" loading="lazy"></iframe>`;
  const qr = element("img", { src: qrAddress(pathname + search), alt: texts.qr, class: "qr", width: "160", height: "160" });
  qr.addEventListener("error", () => {
    qr.remove(); // a view too rich for a code is still a link
  });
  const short = textButton(texts.shortMake, () => {
    short.disabled = true;
    shorten(pathname + search).then(
      (path) => {
        short.replaceWith(copyField(session, texts.shortLink, new URL(path, href).href));
        qr.src = qrAddress(path); // fewer letters are easier to read for a camera
      },
      (error: unknown) => {
        short.disabled = false;
        session.notify(texts.shortFailed(error instanceof RequestError ? error.code : ""));
      },
    );
  });
  const world = textButton(texts.imageWorld, () => {
    saveFile("xanh.pgw", "text/plain", worldFile(frame));
  });
  openDialog(
    texts,
    texts.shareTitle,
    copyField(session, texts.shareLink, href),
    short,
    qr,
    copyField(session, texts.embed, snippet),
    element("p", { class: "note" }, texts.embedWhy),
    element("h3", {}, texts.image),
    ...leftOut(texts, guests),
    element(
      "div",
      { class: "filter-actions" },
      element("a", { class: "button", href: pictureAddress(config, drawn, frame, "image/png"), download: "xanh.png" }, texts.imagePng),
      world,
      element("a", { class: "button", href: pictureAddress(config, drawn, frame, "image/geotiff"), download: "xanh.tif" }, texts.imageGeo),
    ),
  );
}

function qrAddress(path: string): string {
  return `/map/qr.svg?to=${encodeURIComponent(path)}`;
}

function copyField(session: Session, label: string, text: string): HTMLElement {
  const { texts } = session;
  const box = element("input", { class: "text-field", readonly: true, "aria-label": label });
  box.value = text;
  box.addEventListener("focus", () => {
    box.select();
  });
  const button = textButton(texts.copy, () => void copyText(session, text, texts.copied));
  button.setAttribute("aria-label", `${texts.copy}: ${label}`);
  return element("div", { class: "copy-field" }, element("span", { class: "note" }, label), element("div", { class: "ends" }, box, button));
}
