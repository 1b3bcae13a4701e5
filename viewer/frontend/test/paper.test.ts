// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromZone } from "../src/services/coordinates";
import { drawOn, type Paper } from "../src/services/paper";

const zone = {
  code: "EPSG:9210",
  title: "VN-2000 105°45′",
  proj4: "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs",
};
// One kilometre of ground to ten millimetres of paper.
const paper: Paper = { box: [560000, 1140000, 580000, 1150000], width: 200, height: 100, zone, language: "vi" };

test("drawings lie on the paper where they lie on the ground, with number, figure and note", () => {
  const corners = [[1149000, 561000], [1149000, 563000], [1148000, 563000]].map(([x = 0, y = 0]) => fromZone(x, y, zone));
  const [line, area, point] = drawOn(paper, [
    { kind: "line", points: corners.slice(0, 2), note: "" },
    { kind: "polygon", points: corners, note: "vùng" },
    { kind: "point", points: corners.slice(0, 1), note: "<b>" },
  ]);
  assert.equal(line?.path, "M10 10 L30 10");
  assert.equal(line.label, "1. 2 km");
  assert.equal(area?.path, "M10 10 L30 10 L30 20 Z");
  assert.equal(area.label, "2. 100 ha vùng");
  assert.equal(point?.label, "3. <b>");
  assert.deepEqual(point.at, [10, 10]);
});
