// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromZone } from "../src/services/coordinates";
import type { LonLat, Zone } from "../src/services/model";
import { areaOf, bearingOf, formatArea, formatBearing, formatLength, lengthOf, readSketches, toGeoJson, zoneFor } from "../src/services/sketch";

const datum = "+ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278 +units=m +no_defs";
const zone = (meridian: number): Zone => ({
  code: String(meridian),
  title: String(meridian),
  proj4: `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=0.9999 +x_0=500000 +y_0=0 ${datum}`,
});
const home = zone(105.75);
const corner = (dx: number, dy: number): LonLat => fromZone(1_150_000 + dx, 560_000 + dy, home);
const square = [corner(0, 0), corner(1000, 0), corner(1000, 1000), corner(0, 1000)];

test("a square kilometre of VN-2000 is a square kilometre", () => {
  assert.ok(Math.abs(areaOf(square, home) - 1_000_000) < 0.1);
  assert.ok(Math.abs(lengthOf(square, home) - 3000) < 0.001);
  assert.ok(Math.abs(lengthOf(square, home, true) - 4000) < 0.001);
  assert.equal(formatArea(2_500_000, "vi"), "2,5 km²");
});

test("bearings turn clockwise from the north of the zone", () => {
  const of = (dx: number, dy: number): number => Math.round(bearingOf([corner(0, 0), corner(dx, dy)], home) ?? -1);
  assert.deepEqual([of(100, 0), of(100, 100), of(0, 100), of(-100, 0), of(0, -100)].map((one) => one % 360), [0, 45, 90, 180, 270]);
  assert.equal(bearingOf([corner(0, 0)], home), null);
  assert.equal(formatBearing(37.0866667), "37°05′12″");
  assert.equal(formatBearing(359.99999), "0°00′00″");
});

test("the zone is the reader's where it reaches, else the nearest", () => {
  const zones = [zone(103), zone(105.75), zone(108)];
  assert.equal(zoneFor([[106.3, 10]], zones, zones[1])?.code, "105.75");
  assert.equal(zoneFor([[108.4, 16]], zones, zones[1])?.code, "108");
});

test("lengths and areas are written with the unit that suits them", () => {
  assert.equal(formatLength(850.04, "vi"), "850 m");
  assert.equal(formatLength(12_350, "vi"), "12,35 km");
  assert.equal(formatArea(12_000, "en"), "1.2 ha");
});

test("kept sketches come back; anything else is left out", () => {
  const sketches = [{ kind: "polygon" as const, points: square, note: "<b>ruộng</b>" }];
  assert.deepEqual(readSketches(JSON.stringify([...sketches, { kind: "circle" }, { kind: "line", points: [[1, 2]], note: "" }, null])), sketches);
  assert.deepEqual(readSketches("{broken"), []);
  assert.deepEqual(readSketches(null), []);
  const saved = JSON.parse(toGeoJson(sketches)) as { features: { geometry: { coordinates: unknown[][] } }[] };
  assert.equal(saved.features[0]?.geometry.coordinates[0]?.length, 5);
});
