// SPDX-License-Identifier: MIT
import { spanOf } from "./counts";
import type { Language, Layer } from "./model";

export type TimeUnit = "year" | "month" | "moment";

const MOST_STEPS = 600;

/** The steps of a slider over the layers with time: years, months, or the moments of rasters; WMS TIME values, the earliest first. */
export function stepsOf(layers: readonly Layer[], unit: TimeUnit): string[] {
  if (unit === "moment") return [...new Set(layers.flatMap(({ moments }) => moments))].sort().slice(-MOST_STEPS);
  const spans = layers.flatMap(({ time }) => (time === null ? [] : [time]));
  if (spans.length === 0) return [];
  const first = spans.map(([begin]) => begin).sort()[0] ?? "";
  const last = spans.map(([, end]) => end).sort().at(-1) ?? "";
  const [from, to] = [monthNumber(first), monthNumber(last)];
  const months = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => writeMonth(from + at));
  return unit === "month" ? months.slice(-MOST_STEPS) : [...new Set(months.map((month) => month.slice(0, 4)))];
}

/** The unit a time was chosen in. */
export function unitOf(time: string | null): TimeUnit {
  if (time === null || time.length === 4) return "year";
  return time.length === 7 ? "month" : "moment";
}

/** 2021, 06/2021, 08/06/2021. */
export function formatStep(time: string, language: Language): string {
  const [year = "", month, day] = time.slice(0, 10).split("-");
  if (month === undefined) return year;
  const months = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
  const name = language === "en" ? months.format(new Date(`${year}-${month}-01T00:00:00Z`)) : month;
  if (language === "en") return [day, name, year].filter(Boolean).join(" ");
  return [day, name, year].filter(Boolean).join("/");
}

/** What TIME means for the layer, as a CQL2 condition; null for layers whose time is no field. For requests that mix layers with and without time. */
export function timeCql(layer: Layer, time: string | null): string | null {
  if (time === null || layer.timeFields === null) return null;
  const [begin, end] = layer.timeFields;
  const [from = "", to = from] = spanOf(time).split("/");
  const first = write(layer, begin, from, "00:00:00");
  const last = write(layer, begin, to, "23:59:59");
  if (end === null) return `${begin} >= ${first} AND ${begin} <= ${last}`;
  return `${begin} <= ${last} AND (${end} >= ${write(layer, end, from, "00:00:00")} OR ${end} IS NULL)`;
}

function write(layer: Layer, field: string, day: string, clock: string): string {
  return layer.fields[field]?.type === "datetime" ? `TIMESTAMP('${day.slice(0, 10)}T${clock}+07:00')` : `DATE('${day.slice(0, 10)}')`;
}

function monthNumber(day: string): number {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return year * 12 + month - 1;
}

function writeMonth(number: number): string {
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
}
