// SPDX-License-Identifier: MIT
/** Expressions of the MapLibre Style Specification as far as our server writes them, made into functions once. */

/** What an expression looks at: one feature of a vector tile. */
export interface Subject {
  id: number | string | undefined;
  properties: Readonly<Record<string, unknown>>;
}

export type Read = (subject: Subject, zoom: number) => unknown;

/** An expression, or a value of one, that this map cannot work out; the layer is then drawn by the server. */
export class Unsupported extends Error {}

type Make = (parts: Read[], raw: readonly unknown[]) => Read;

/** Makes a function of an expression or a constant. Throws Unsupported. */
export function compile(expression: unknown): Read {
  if (!Array.isArray(expression)) {
    if (expression !== null && typeof expression === "object") throw new Unsupported("an object");
    return () => expression;
  }
  const parts: readonly unknown[] = expression;
  const [operator, ...raw] = parts;
  if (operator === "literal") return () => raw[0];
  const make = typeof operator === "string" && Object.hasOwn(MAKERS, operator) ? MAKERS[operator] : undefined;
  if (make === undefined) throw new Unsupported(String(operator));
  // How numbers are written, and how to go from stop to stop, are no expressions.
  const plain = operator === "number-format" ? raw[1] : operator === "interpolate" ? raw[0] : undefined;
  return make(raw.map((part) => (part === plain && plain !== undefined ? () => part : compile(part))), raw);
}

/** A value as a number: 0 for what is none. */
export function toNumber(value: unknown): number {
  const number = Number(value ?? NaN);
  return Number.isFinite(number) ? number : 0;
}

/** A value as text: nothing for what is not there. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

const numbers =
  (work: (values: number[]) => number): Make =>
  (parts) =>
  (subject, zoom) =>
    work(parts.map((part) => toNumber(part(subject, zoom))));

const values =
  (work: (values: unknown[]) => unknown): Make =>
  (parts) =>
  (subject, zoom) =>
    work(parts.map((part) => part(subject, zoom)));

/** Texts compare with texts, numbers with numbers; nothing else holds. */
const compare =
  (holds: (left: number | string, right: number | string) => boolean): Make =>
  ([left, right]) =>
  (subject, zoom) => {
    const [one, other] = [left?.(subject, zoom), right?.(subject, zoom)];
    if (typeof one === "number" && typeof other === "number") return holds(one, other);
    return typeof one === "string" && typeof other === "string" && holds(one, other);
  };

const slice = (text: string, from: number, to: unknown): string => (to === undefined ? text.slice(from) : text.slice(from, toNumber(to)));

const MAKERS: Record<string, Make> = {
  get: (_, [name]) => (subject) => subject.properties[String(name)] ?? null,
  has: (_, [name]) => (subject) => (subject.properties[String(name)] ?? null) !== null,
  id: () => (subject) => subject.id,
  zoom: () => (_, zoom) => zoom,
  all: (parts) => (subject, zoom) => parts.every((part) => part(subject, zoom) === true),
  any: (parts) => (subject, zoom) => parts.some((part) => part(subject, zoom) === true),
  "!": ([part]) => (subject, zoom) => part?.(subject, zoom) !== true,
  "==": values(([one, other]) => (one ?? null) === (other ?? null)),
  "!=": values(([one, other]) => (one ?? null) !== (other ?? null)),
  "<": compare((one, other) => one < other),
  "<=": compare((one, other) => one <= other),
  ">": compare((one, other) => one > other),
  ">=": compare((one, other) => one >= other),
  "to-string": values(([value]) => toText(value)),
  "to-number": values((all) => toNumber(all.find((value) => value !== null && value !== "" && Number.isFinite(Number(value))))),
  "to-boolean": values(([value]) => Boolean(value) && value !== "false"),
  "to-color": values((all) => all.find((value) => typeof value === "string" && value !== "") ?? "#000000"),
  coalesce: values((all) => all.find((value) => value !== null && value !== undefined) ?? null),
  concat: values((all) => all.map(toText).join("")),
  upcase: values(([value]) => toText(value).toUpperCase()),
  downcase: values(([value]) => toText(value).toLowerCase()),
  length: values(([value]) => toText(value).length),
  slice: values(([text, from, to]) => slice(toText(text), toNumber(from), to)),
  "index-of": values(([piece, text]) => toText(text).indexOf(toText(piece))),
  in: values(([piece, where]) => (Array.isArray(where) ? where.includes(piece) : toText(where).includes(toText(piece)))),
  "+": numbers((all) => all.reduce((sum, one) => sum + one, 0)),
  "-": numbers(([one = 0, ...rest]) => (rest.length === 0 ? -one : rest.reduce((left, right) => left - right, one))),
  "*": numbers((all) => all.reduce((left, right) => left * right, 1)),
  "/": numbers(([one = 0, other = 1]) => one / other),
  "%": numbers(([one = 0, other = 1]) => one % other),
  "^": numbers(([one = 0, other = 1]) => one ** other),
  min: numbers((all) => Math.min(...all)),
  max: numbers((all) => Math.max(...all)),
  sqrt: numbers(([one = 0]) => Math.sqrt(one)),
  abs: numbers(([one = 0]) => Math.abs(one)),
  round: numbers(([one = 0]) => Math.round(one)),
  floor: numbers(([one = 0]) => Math.floor(one)),
  ceil: numbers(([one = 0]) => Math.ceil(one)),
  "number-format": (parts, [, options]) => formatter(parts, options),
  case: (parts) => (subject, zoom) => choose(parts, subject, zoom),
  step: (parts) => (subject, zoom) => stepOf(parts, subject, zoom),
  interpolate: (parts, raw) => interpolate(parts, raw),
};

function formatter([value]: Read[], options: unknown): Read {
  const wish = options as { locale?: string; "min-fraction-digits"?: number; "max-fraction-digits"?: number };
  const written = new Intl.NumberFormat(wish.locale ?? "vi", {
    minimumFractionDigits: wish["min-fraction-digits"] ?? 0,
    maximumFractionDigits: wish["max-fraction-digits"] ?? 3,
    useGrouping: false,
  });
  return (subject, zoom) => written.format(toNumber(value?.(subject, zoom)));
}

function choose(parts: Read[], subject: Subject, zoom: number): unknown {
  for (let at = 0; at + 1 < parts.length; at += 2) if (parts[at]?.(subject, zoom) === true) return parts[at + 1]?.(subject, zoom);
  return parts[parts.length - 1]?.(subject, zoom);
}

function stepOf([input, first, ...stops]: Read[], subject: Subject, zoom: number): unknown {
  const value = toNumber(input?.(subject, zoom));
  let found = first;
  for (let at = 0; at + 1 < stops.length && value >= toNumber(stops[at]?.(subject, zoom)); at += 2) found = stops[at + 1];
  return found?.(subject, zoom);
}

/** Numbers between stops, linear or exponential; colours in between are left to the server. */
function interpolate(parts: Read[], raw: readonly unknown[]): Read {
  if (JSON.stringify(raw).includes("to-color")) throw new Unsupported("colours between two others");
  const [kind, base] = raw[0] as [string, number?];
  if (kind !== "linear" && kind !== "exponential") throw new Unsupported(kind);
  const [, input, ...stops] = parts;
  return (subject, zoom) => {
    const value = toNumber(input?.(subject, zoom));
    const at = (index: number): number => toNumber(stops[index]?.(subject, zoom));
    let low = 0;
    while (low + 3 < stops.length && value >= at(low + 2)) low += 2;
    if (low + 3 >= stops.length || value <= at(low)) return at(low + 1);
    const share = progress(value, at(low), at(low + 2), base ?? 1);
    return at(low + 1) + share * (at(low + 3) - at(low + 1));
  };
}

function progress(value: number, low: number, high: number, base: number): number {
  if (high === low) return 0;
  return base === 1 ? (value - low) / (high - low) : (base ** (value - low) - 1) / (base ** (high - low) - 1);
}
