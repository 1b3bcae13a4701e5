// SPDX-License-Identifier: MIT
import { askItems, type Question } from "./counts";
import type { Condition } from "./filter";
import type { Layer, MapConfig } from "./model";
import { fetchJson } from "./request";

export interface Bar {
  /** As a filter takes it; null where nothing is known. */
  value: string | null;
  title: string;
  count: number;
  shown: string;
  percent: string;
  /** 0 to 100; the longest is 100. */
  width: number;
  colour: string | null;
  low: number | null;
  high: number | null;
}

export interface Chart {
  field: string;
  title: string;
  kind: "codes" | "boolean" | "link" | "year" | "number";
  bars: Bar[];
  others: number;
}

export interface Figures {
  count: number;
  measures: { label: string; value: string; detail: string }[];
  charts: Chart[];
}

/** Counts, sums and bars of what the question finds, reckoned by the server. Throws RequestError. */
export async function loadFigures(config: MapConfig, layer: Layer, question: Question, signal: AbortSignal): Promise<Figures> {
  const query = askItems(layer, question);
  query.set("layer", layer.id);
  query.set("lang", config.language);
  return (await fetchJson(`${config.services.figures}?${query.toString()}`, signal)) as Figures;
}

/** The condition a bar stands for; null where a filter cannot say it. */
export function conditionOf(chart: Chart, bar: Bar): Condition | null {
  const { value } = bar;
  if (value === null) return null;
  const { field } = chart;
  if (chart.kind === "link") return { kind: "link", field, id: value, title: bar.title };
  if (chart.kind === "year") return { kind: "range", field, low: `${value}-01-01`, high: `${value}-12-31` };
  if (chart.kind === "number") return { kind: "range", field, low: digits(bar.low), high: digits(bar.high) };
  return { kind: "codes", field, codes: [value] };
}

function digits(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(10)));
}
