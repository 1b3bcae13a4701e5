// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDegrees, readPlace, toZone } from "../src/services/coordinates";
import type { Extent, Zone } from "../src/services/model";

const LIMIT: Extent = [102, 4.5, 118, 23.5];
const SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278";
const ZONE: Zone = {
  code: "EPSG:9210",
  title: "VN-2000 105°45′",
  proj4: `+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84=${SHIFT} +units=m +no_defs`,
};

function assertNear(text: string, lon: number, lat: number, tolerance = 1e-6): void {
  const place = readPlace(text, ZONE, LIMIT);
  assert.ok(place !== null, `${text} was not understood`);
  assert.ok(Math.abs(place.point[0] - lon) < tolerance && Math.abs(place.point[1] - lat) < tolerance, `${text} became ${place.point.join(" ")}`);
}

test("VN-2000 metres agree with the official parameters within a centimetre", () => {
  const { x, y } = toZone([106.36, 10.36], ZONE);
  assert.ok(Math.abs(x - 1145735.536) < 0.01, `north ${x}`);
  assert.ok(Math.abs(y - 566603.933) < 0.01, `east ${y}`);
});

test("decimal degrees are read in both orders and with both decimal signs", () => {
  for (const text of ["10.36, 106.36", "10.360, 106.360", "106.36;10.36", "10,36 106,36", "10,36; 106,36", "10.36° N 106.36° E", "10,36° B 106,36° Đ"]) {
    assertNear(text, 106.36, 10.36);
  }
});

test("degrees, minutes and seconds are read", () => {
  assertNear(`10°21'36"B 106°21'36"Đ`, 106.36, 10.36);
  assertNear("10°21′36,0″ 106°21′36″", 106.36, 10.36);
  assertNear("10° 21.6' N, 106° 21.6' E", 106.36, 10.36);
});

test("VN-2000 metres are read whichever comes first and however they are grouped", () => {
  for (const text of ["1145735.536 566603.933", "566603.933, 1145735.536", "VN-2000 X 1145735.536 Y 566603.933", "X 1.145.736 Y 566.604", "1,145,736 566,604", "1.145.735,536 566.603,933", "1145736;566604"]) {
    assertNear(text, 106.36, 10.36, 1e-5);
  }
});

test("words, single numbers and places outside the frame are no coordinates", () => {
  for (const text of ["go cong", "xã 12", "10.36", "48.85 2.35", "0 0", "82", "1439/GPMT-UBND 2022"]) {
    assert.equal(readPlace(text, ZONE, LIMIT), null, text);
  }
});

test("degrees are written as each language writes them", () => {
  assert.equal(formatDegrees([105.9463, 10.4217], "vi"), "10,4217° B  105,9463° Đ");
  assert.equal(formatDegrees([105.9463, 10.4217], "en"), "10.4217° N  105.9463° E");
});
