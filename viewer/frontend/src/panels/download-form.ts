// SPDX-License-Identifier: MIT
import type { Question } from "../services/counts";
import { downloadAddress, FORMATS, systemsOf, takesSystem } from "../services/downloads";
import type { Layer } from "../services/model";
import type { Session } from "../session";
import { element } from "./dom";

/** Format, coordinate system and a link to the file; `ask` says which objects at the moment of the tap. `id` keeps labels apart. */
export function downloadForm(session: Session, layer: Layer, id: string, label: string, ask: () => Question): HTMLElement {
  const { texts, config } = session;
  const format = choice(`${id}-format`, FORMATS);
  const system = choice(`${id}-system`, systemsOf(config));
  const link = element("a", { class: "button", download: true }, label);
  const update = (): void => {
    system.disabled = !takesSystem(format.value);
    system.title = system.disabled ? texts.systemFixed : "";
    link.href = downloadAddress(config, layer, format.value, system.value, ask());
  };
  for (const select of [format, system]) select.addEventListener("change", update);
  // What is asked may have changed since: the address is written when the link is reached.
  for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, update);
  update();
  return element(
    "div",
    { class: "download" },
    element("label", { for: format.id, class: "option" }, texts.format, format),
    layer.geometry === "none" ? null : element("label", { for: system.id, class: "option" }, texts.system, system),
    link,
  );
}

function choice(id: string, options: readonly [string, string][]): HTMLSelectElement {
  return element("select", { id, class: "select" }, ...options.map(([value, title]) => element("option", { value }, title)));
}
