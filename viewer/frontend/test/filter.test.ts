// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Filter, groupAt, toCql, withGroup } from "../src/services/filter";
import { readFilter, writeFilter } from "../src/services/filter-link";
import type { Field, Layer } from "../src/services/model";

function field(type: string, codes: Field["codes"] = null): Field {
  return { label: type, type, unit: null, codes, link: null };
}

const layer = {
  id: "stations",
  fields: {
    name: field("text"),
    wqi: field("number"),
    kind: field("text", { auto: { title: "Tự động", colour: null }, manual: { title: "Thủ công", colour: null } }),
    sampled_at: field("date"),
    sent: field("datetime"),
    illustrative: field("boolean"),
  },
} as unknown as Layer;

const filter: Filter = {
  any: false,
  conditions: [
    { kind: "range", field: "wqi", low: "50.5", high: "" },
    { kind: "codes", field: "kind", codes: ["auto", "manual"] },
    { kind: "words", field: "name", words: "kênh O'Neil, 1.5~2" },
    { kind: "range", field: "sampled_at", low: "2020-01-01", high: "2021-12-31" },
    { kind: "box", box: [105.5, 10.2, 105.9, 10.6] },
  ],
};

test("a filter becomes CQL2 with quoted texts, ranges, lists, days and a box", () => {
  assert.equal(
    toCql(filter, layer),
    "(wqi >= 50.5) AND (kind IN ('auto', 'manual')) AND (ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%kênh O''Neil, 1.5~2%'))) AND " +
      "(sampled_at >= DATE('2020-01-01') AND sampled_at <= DATE('2021-12-31')) AND " +
      "(S_INTERSECTS(geometry, POLYGON((105.50000 10.20000, 105.90000 10.20000, 105.90000 10.60000, 105.50000 10.60000, 105.50000 10.20000))))",
  );
});

test("one of several conditions is joined with OR, a moment covers its day in Viet Nam", () => {
  const either: Filter = {
    any: true,
    conditions: [{ kind: "codes", field: "illustrative", codes: ["true"] }, { kind: "range", field: "sent", low: "", high: "2021-06-01" }],
  };
  assert.equal(toCql(either, layer), "(illustrative = TRUE) OR (sent <= TIMESTAMP('2021-06-01T23:59:59+07:00'))");
});

test("what asks nothing, names no field or holds hostile text is left out or harmless", () => {
  const empty: Filter = {
    any: false,
    conditions: [
      { kind: "range", field: "wqi", low: "1 OR 1=1", high: "" },
      { kind: "range", field: "secret", low: "1", high: "2" },
      { kind: "words", field: "name", words: "  " },
      { kind: "codes", field: "kind", codes: [] },
    ],
  };
  assert.equal(toCql(empty, layer), null);
  assert.equal(toCql(undefined, layer), null);
  const hostile: Filter = { any: false, conditions: [{ kind: "words", field: "name", words: "%'); DROP" }] };
  assert.equal(toCql(hostile, layer), "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%''); DROP%'))");
});

test("a filter survives the way through a link", () => {
  assert.deepEqual(readFilter(writeFilter(filter)), filter);
  assert.equal(readFilter("nonsense"), null);
  assert.equal(readFilter("and~wqi.b.x"), null);
});

test("groups in groups and places around survive the link, joined by their own and or or", () => {
  const nested: Filter = {
    any: false,
    conditions: [
      { kind: "near", point: [106.36, 10.36], metres: 2500 },
      { kind: "group", any: true, conditions: [{ kind: "words", field: "name", words: "a~b.c!d" }, { kind: "group", any: false, conditions: [{ kind: "codes", field: "kind", codes: ["auto"] }] }] },
    ],
  };
  assert.equal(
    toCql(nested, layer),
    "(S_DWITHIN(geometry, POINT(106.36000 10.36000), 2500)) AND ((ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%a~b.c!d%'))) OR (kind IN ('auto')))",
  );
  assert.deepEqual(readFilter(writeFilter(nested)), nested);
  const emptied = withGroup(nested, [1, 1], { any: false, conditions: [] });
  assert.deepEqual(groupAt(emptied, [1, 1])?.conditions, []);
  assert.equal(toCql({ any: false, conditions: emptied.conditions.slice(1) }, layer), "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%a~b.c!d%'))");
});

test("places and groups that make no sense are left out", () => {
  const deep = (levels: number): Filter => ({ any: false, conditions: levels === 0 ? [{ kind: "codes", field: "kind", codes: ["auto"] }] : [{ kind: "group", ...deep(levels - 1) }] });
  assert.equal(readFilter(writeFilter(deep(9))), null);
  for (const text of ["and~.n.106.10", "and~.n.999.10.5", "and~.n.106.10.-5", "and~.g", "and~.g.and", "and~x.constructor.1"]) assert.equal(readFilter(text), null);
});
