// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Found, Layer } from "../src/services/model";
import { formerUntil, today } from "../src/services/validity";

const units = { validity: true } as Layer;
const unit = (until: string | null): Found => ({ layer: "communes", id: "1", properties: { valid_to: until }, geometry: null });

test("the day is that of Viet Nam", () => {
  assert.equal(today(new Date("2026-01-31T17:30:00Z")), "2026-02-01");
});

test("a unit is former from the day after its last", () => {
  assert.equal(formerUntil(units, unit("2025-06-30"), "2025-07-01"), "2025-06-30");
  assert.equal(formerUntil(units, unit("2025-06-30"), "2025-06-30"), null);
  assert.equal(formerUntil(units, unit(null), "2025-07-01"), null);
});

test("a field of that name in another layer says nothing", () => {
  assert.equal(formerUntil({ validity: false } as Layer, unit("2025-06-30"), "2026-01-01"), null);
});
