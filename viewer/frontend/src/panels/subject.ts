// SPDX-License-Identifier: MIT
import type { Session } from "../session";
import { element } from "./dom";

/** The choice of the layer that filter and table are about; choosing one switches it on. Follows the session. */
export function subjectChoice(session: Session, id: string): HTMLElement {
  const select = element(
    "select",
    { id, class: "select" },
    ...session.records.map((layer) => element("option", { value: layer.id }, layer.title)),
  );
  const update = (): void => {
    select.value = session.subject?.id ?? "";
  };
  select.addEventListener("change", () => {
    const layer = session.records.find((one) => one.id === select.value);
    if (layer !== undefined) session.setSubject(layer);
  });
  session.on("subject", update);
  session.on("layers", update);
  update();
  return element("label", { for: id, class: "subject" }, element("span", {}, session.texts.subject), select);
}
