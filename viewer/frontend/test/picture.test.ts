// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layer, MapConfig } from "../src/services/model";
import { pictureAddress, printAddress, roundScale, worldFile } from "../src/services/picture";
import { formatStep, stepsOf, timeCql, unitOf } from "../src/services/time";

const config = { language: "vi", services: { wms: "/wms" }, base: { layers: ["land", "communes"], styles: ["land", "communes_base"] } } as unknown as MapConfig;
const layer = (time: [string, string] | null, fields: [string, string | null] | null = null, moments: string[] = []): Layer =>
  ({ id: "stations", time, timeFields: fields, moments, fields: { sampled_at: { type: "date" }, sent: { type: "datetime" }, until: { type: "date" } } }) as unknown as Layer;

test("a picture draws the base map once, below the layers, with one filter for each", () => {
  const drawn = [{ id: "communes", style: "communes" }, { id: "stations", style: "wqi", filter: "wqi > 50" }];
  const query = new URLSearchParams(pictureAddress(config, drawn, { box: [0, 0, 1000, 500], width: 200, height: 100 }, "image/png").split("?")[1]);
  assert.equal(query.get("LAYERS"), "land,communes,stations");
  assert.equal(query.get("STYLES"), "land,communes_base,wqi");
  assert.equal(query.get("CQL_FILTER"), ";;wqi > 50");
});

test("a world file tells the middle of the upper left pixel", () => {
  const lines = worldFile({ box: [100, 200, 1100, 700], width: 200, height: 100 }).trim().split("\n").map(Number);
  assert.deepEqual(lines, [5, 0, 0, -5, 102.5, 697.5]);
});

test("a print page is asked for with its layers, styles and filters", () => {
  const sheet = { centre: [106.36, 10.36] as [number, number], scale: 100000, zone: "EPSG:9210", paper: "a3-portrait", title: "Nước & đất", grid: false, sketches: true };
  const query = new URLSearchParams(printAddress(config, [{ id: "stations", style: "wqi", filter: "wqi > 50" }], sheet).split("?")[1]);
  assert.equal(query.get("layer"), "stations:wqi:wqi > 50");
  assert.deepEqual([query.get("grid"), query.get("sketches")], ["0", "1"]);
  assert.equal(query.get("title"), "Nước & đất");
});

test("scales are round and never show less than wished", () => {
  assert.deepEqual([97_000, 100_000, 110_000, 230_000, 260_000, 700_000].map(roundScale), [100_000, 100_000, 200_000, 250_000, 500_000, 1_000_000]);
});

test("a slider has years, months or the moments of rasters", () => {
  const layers = [layer(["2019-11-26", "2021-02-03"]), layer(null)];
  assert.deepEqual(stepsOf(layers, "year"), ["2019", "2020", "2021"]);
  assert.equal(stepsOf(layers, "month").length, 16);
  assert.deepEqual(stepsOf(layers, "month").slice(0, 2), ["2019-11", "2019-12"]);
  assert.deepEqual(stepsOf([layer(null, null, ["2021-02-01T00:00:00Z", "2020-02-01T00:00:00Z"])], "moment"), ["2020-02-01T00:00:00Z", "2021-02-01T00:00:00Z"]);
  assert.deepEqual(stepsOf([], "year"), []);
  assert.deepEqual([unitOf(null), unitOf("2021"), unitOf("2021-06"), unitOf("2021-06-08T00:00:00Z")], ["year", "year", "month", "moment"]);
  assert.equal(formatStep("2021-06", "vi"), "06/2021");
  assert.equal(formatStep("2021-06-08T00:00:00Z", "en"), "08 Jun 2021");
});

test("a time becomes a condition on the fields it stands in", () => {
  assert.equal(timeCql(layer(null, ["sampled_at", null]), "2021-06"), "sampled_at >= DATE('2021-06-01') AND sampled_at <= DATE('2021-06-30')");
  assert.equal(timeCql(layer(null, ["sent", "until"]), "2021"), "sent <= TIMESTAMP('2021-12-31T23:59:59+07:00') AND (until >= DATE('2021-01-01') OR until IS NULL)");
  assert.equal(timeCql(layer(null), "2021"), null);
});
