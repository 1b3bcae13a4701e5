// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsIn, layersInside, layersOf } from "../src/services/config";
import type { Group, Layer, MapConfig } from "../src/services/model";

function group(id: string, parent: string | null, ...layers: string[]): Group {
  return { id, parent, title: id, colour: "#000000", layers };
}

const CONFIG = {
  groups: [group("all", null), group("water", "all", "rivers", "lakes"), group("deep", "water", "wells"), group("land", null, "plots")],
  layers: ["rivers", "lakes", "wells", "plots"].map((id) => ({ id }) as Layer),
} as unknown as MapConfig;

function named(id: string): Group {
  return CONFIG.groups.find((one) => one.id === id) ?? group(id, null);
}

test("groups lie in the group they name", () => {
  assert.deepEqual(groupsIn(CONFIG, null).map((one) => one.id), ["all", "land"]);
  assert.deepEqual(groupsIn(CONFIG, "all").map((one) => one.id), ["water"]);
  assert.deepEqual(groupsIn(CONFIG, "land"), []);
});

test("a group counts the layers of the groups in it as well", () => {
  assert.deepEqual(layersOf(CONFIG, named("all")), []);
  assert.deepEqual(layersInside(CONFIG, named("all")).map((one) => one.id), ["rivers", "lakes", "wells"]);
});

test("layers that are not there any more are passed over", () => {
  assert.deepEqual(layersInside(CONFIG, group("x", null, "gone", "plots")).map((one) => one.id), ["plots"]);
});
