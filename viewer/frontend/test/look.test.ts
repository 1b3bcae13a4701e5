// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { Unsupported } from "../src/services/expression";
import { isDrawn, readLook } from "../src/services/look";

const dot = { id: "0.0.0", type: "circle", paint: { "circle-radius": 4 }, layout: { "circle-sort-key": ["get", "wqi"] }, filter: ["has", "wqi"] };
const small = { id: "0.1.1", type: "circle", paint: { "circle-radius": 2 }, maxzoom: 8 };
const shield = { id: "1.0.2", type: "symbol", layout: { "icon-image": "a", "text-field": ["get", "wqi"], "text-font": ["A Regular"] }, minzoom: 6.8 };
const icon = { id: "2.0.3", type: "symbol", layout: { "icon-image": "a", "icon-allow-overlap": true } };
const of = (...layers: object[]): Parameters<typeof readLook>[0] => ({ layers }) as Parameters<typeof readLook>[0];

test("passes keep their layers together, labels stand apart", () => {
  const look = readLook(of(dot, small, icon, shield), true);
  assert.deepEqual(look.passes.map(({ strokes }) => strokes.length), [2, 1]);
  assert.equal(look.passes[0]?.order?.({ id: 1, properties: { wqi: 5 } }, 9), 5);
  assert.equal(look.labels.length, 1);
  assert.equal(look.hasIcons, true);
});

test("symbols of areas are labels, because tiles hold pieces of areas", () => {
  assert.equal(readLook(of(icon), false).labels.length, 1);
  assert.throws(() => readLook(of(dot), false), Unsupported);
});

test("a feature is drawn where a rule takes it at the zoom", () => {
  const look = readLook(of(dot, small), true);
  const nothing = { id: 1, properties: {} };
  assert.equal(isDrawn(look, nothing, 7), true);
  assert.equal(isDrawn(look, nothing, 8), false);
  assert.equal(isDrawn(look, { id: 1, properties: { wqi: 1 } }, 8), true);
});

test("what browsers cannot draw is left to the server", () => {
  const along = { id: "0.0.0", type: "symbol", layout: { "symbol-placement": "line", "icon-image": "a" } };
  const offset = { id: "0.0.0", type: "line", paint: { "line-offset": 3 } };
  for (const layer of [along, offset, { id: "0", type: "heatmap" }]) assert.throws(() => readLook(of(layer), false), Unsupported);
  assert.throws(() => readLook({ ...of(dot), metadata: { "xanh:losses": ["a"] } }, true), Unsupported);
});
