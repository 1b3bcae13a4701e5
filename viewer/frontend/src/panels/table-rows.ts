// SPDX-License-Identifier: MIT
import { formatValue } from "../services/format";
import type { Found, Layer } from "../services/model";
import { columnsOf, type Sorting } from "../services/table";
import type { Session } from "../session";
import { codeOf, titleOf } from "./attributes";
import { element, textButton } from "./dom";

export interface RowActions {
  sorting: Sorting | null;
  /** Ids of the ticked rows; changed in place. */
  selected: Set<string>;
  sort: (field: string) => void;
  open: (found: Found) => void;
  select: () => void;
}

/** Rows and columns of one page; the first column opens the object, heads sort. */
export function rowsTable(session: Session, layer: Layer, rows: readonly Found[], actions: RowActions): HTMLElement {
  const columns = columnsOf(layer);
  const head = element("tr", {}, element("td", {}), ...columns.map((name) => headOf(session, layer, name, actions)));
  return element("table", { class: "rows" }, element("thead", {}, head), element("tbody", {}, ...rows.map((found) => rowOf(session, layer, found, columns, actions))));
}

function headOf(session: Session, layer: Layer, name: string, { sorting, sort }: RowActions): HTMLElement {
  const field = layer.fields[name];
  const plain = field?.label ?? name;
  const label = field === undefined || field.unit === null ? plain : `${plain} (${field.unit})`;
  const isSorted = sorting?.field === name;
  const sign = isSorted ? (sorting.down ? " ↓" : " ↑") : "";
  const button = textButton(label + sign, () => {
    sort(name);
  }, "sort");
  button.setAttribute("aria-label", session.texts.sortBy(label));
  const order = isSorted ? (sorting.down ? "descending" : "ascending") : "none";
  return element("th", { scope: "col", "aria-sort": order }, button);
}

function rowOf(session: Session, layer: Layer, found: Found, columns: readonly string[], actions: RowActions): HTMLElement {
  const title = titleOf(session.config, found, session.texts.unnamed);
  const box = element("input", { type: "checkbox", class: "check", "aria-label": session.texts.selectRow(title) });
  box.checked = actions.selected.has(found.id);
  box.addEventListener("change", () => {
    if (box.checked) actions.selected.add(found.id);
    else actions.selected.delete(found.id);
    actions.select();
  });
  const open = textButton(title, () => {
    actions.open(found);
  }, "link-button");
  const cells = columns.slice(1).map((name) => cellOf(session, layer, found, name));
  return element("tr", { "data-id": found.id }, element("td", {}, box), element("th", { scope: "row" }, open), ...cells);
}

function cellOf(session: Session, layer: Layer, found: Found, name: string): HTMLElement {
  const field = layer.fields[name];
  if (field === undefined) return element("td");
  const value = found.properties[name];
  const text = formatValue(value, { ...field, unit: null }, session.config.language) ?? "–";
  const colour = codeOf(field, value)?.colour ?? null;
  const cell = element("td", { class: typeof value === "number" && field.codes === null ? "number" : "" }, text);
  if (colour === null) return cell;
  const chip = element("span", { class: "chip" });
  chip.style.backgroundColor = colour;
  cell.replaceChildren(element("span", { class: "coded" }, chip, text));
  return cell;
}
