// SPDX-License-Identifier: MIT
import { startViewer } from "./app";
import { element, byId } from "./panels/dom";
import { loadConfig } from "./services/config";
import { readLink } from "./services/link";
import { RequestError } from "./services/request";
import { textsOf } from "./texts";

async function start(): Promise<void> {
  const link = readLink(window.location.search);
  const texts = textsOf(link.language);
  try {
    const config = await loadConfig(byId("viewer").dataset.config ?? "/map/config.json", link.language);
    startViewer(config, texts, link);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const message = element("div", { class: "failure", role: "alert" });
    message.append(element("h2", {}, texts.startFailed), element("p", {}, texts.startFailedWhat(error.code)));
    byId("map").append(message);
  }
}

void start();
