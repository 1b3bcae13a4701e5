// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bar, type Chart, conditionOf } from "../src/services/figures";
import { toCql } from "../src/services/filter";
import { readFilter, writeFilter } from "../src/services/filter-link";
import type { Layer } from "../src/services/model";

const bar = (value: string | null, low: number | null = null, high: number | null = null): Bar =>
  ({ value, title: "Xã Tân Hội, 1~2", count: 1, shown: "1", percent: "", width: 1, colour: null, low, high });
const chart = (kind: Chart["kind"], field: string): Chart => ({ field, title: field, kind, bars: [], others: 0 });
const field = (type: string): object => ({ label: type, type, unit: null, codes: null, link: null });
const layer = { id: "a", fields: { commune: field("link"), wqi: field("number"), day: field("date") } } as unknown as Layer;

test("each kind of bar is a condition of the filter, what is not known is none", () => {
  assert.deepEqual(conditionOf(chart("codes", "kind"), bar("auto")), { kind: "codes", field: "kind", codes: ["auto"] });
  assert.deepEqual(conditionOf(chart("year", "day"), bar("2019")), { kind: "range", field: "day", low: "2019-01-01", high: "2019-12-31" });
  assert.deepEqual(conditionOf(chart("number", "wqi"), bar("1", 0.1 + 0.2, 5)), { kind: "range", field: "wqi", low: "0.3", high: "5" });
  assert.equal(conditionOf(chart("codes", "kind"), bar(null)), null);
});

test("a condition on what an object links to survives the link and refuses ids that are none", () => {
  const condition = conditionOf(chart("link", "commune"), bar("39"));
  assert.ok(condition);
  const filter = { any: false, conditions: [condition] };
  assert.deepEqual(readFilter(writeFilter(filter)), filter);
  assert.equal(toCql(filter, layer), "commune = 39");
  assert.equal(toCql({ any: false, conditions: [{ kind: "link", field: "commune", id: "1 OR 1=1", title: "" }] }, layer), null);
});
