// SPDX-License-Identifier: MIT
import type { Field, Language, Value } from "./model";

const LOCALES: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };
const YES_NO: Record<Language, [string, string]> = { vi: ["Có", "Không"], en: ["Yes", "No"] };
const ZONE = "Asia/Ho_Chi_Minh";

/** A number as the language writes it: 1.234,5 in Vietnamese. */
export function formatNumber(value: number, language: Language, digits = 6): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/** 08/06/2022, or 08/06/2022 09:40 (UTC+7) when the value carries a time. */
export function formatDate(value: string, withTime: boolean): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  // A bare date has no time zone: shifting it could change the day.
  const zone = withTime ? ZONE : "UTC";
  const day = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: zone }).format(date);
  if (!withTime) return day;
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(date);
  return `${day} ${time} (UTC+7)`;
}

/** 08:12 on the reader's own clock. */
export function formatClock(date: Date): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** A field's value in words: code titles, units, dates; null when there is nothing to show. */
export function formatValue(value: Value | undefined, field: Field, language: Language): string | null {
  if (isEmpty(value)) return null;
  if (field.codes !== null) return field.codes[String(value)]?.title ?? String(value);
  if (typeof value === "boolean") return YES_NO[language][value ? 0 : 1];
  const text = typeof value === "number" ? formatNumber(value, language) : formatText(value, field);
  return field.unit === null ? text : `${text} ${field.unit}`;
}

function isEmpty(value: Value | undefined): value is null | undefined | "" {
  return value === null || value === undefined || value === "";
}

function formatText(value: string, field: Field): string {
  if (field.type === "date") return formatDate(value, false);
  if (field.type === "datetime") return formatDate(value, true);
  return value;
}
