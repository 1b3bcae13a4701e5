// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingOf } from "../src/services/link-check";
import type { MapConfig } from "../src/services/model";
import { type LinkState, readLink, writeLink } from "../src/services/link";

test("a link restores language, place, layers with opacity and style, and the chosen object", () => {
  const state: LinkState = {
    language: "en",
    position: { lat: 10.36, lon: 106.36, zoom: 12 },
    layers: [
      { id: "stations", opacity: 1, style: "" },
      { id: "zones", opacity: 0.6, style: "zones_contrast" },
    ],
    object: { layer: "stations", id: "12" },
    filters: { stations: { any: true, conditions: [{ kind: "range", field: "wqi", low: "50", high: "80" }] } },
    order: ["zones", "stations"],
    offers: [{ kind: "wms", address: "https://maps.example.vn/wms", name: "a,b", title: "<i>" }],
    hidden: { stations: ["very good", "a:b"] },
    time: "2021-06",
    base: "dark",
    compare: { kind: "time", time: "2019" },
  };
  assert.equal(writeLink(state), "?lang=en&at=10.36000,106.36000,12z&layers=stations,zones:60:zones_contrast&object=stations.12&filter=stations%3Aor~wqi.r.50.80&order=zones,stations&outside=%5B%22wms%22%2C%22https%3A%2F%2Fmaps.example.vn%2Fwms%22%2C%22a%2Cb%22%2C%22%3Ci%3E%22%5D&hide=stations:very%20good:a~cb&time=2021-06&base=dark&compare=time%3D2019");
  assert.deepEqual(readLink(writeLink(state)), state);
});

test("switching every layer off is kept apart from never having chosen", () => {
  assert.deepEqual(readLink("?layers=").layers, []);
  assert.equal(readLink("").layers, null);
});

test("nonsense in a link is left out", () => {
  const link = readLink("?lang=xx&at=a,b,c&object=12&layers=zones:900&filter=stations&filter=:and~x&time=yesterday&hide=&hide=:a&outside=x&outside=%5B%22ftp%22,%22a%22,%22b%22,%22c%22%5D");
  assert.deepEqual(link, { language: "vi", position: null, layers: [{ id: "zones", opacity: 1, style: "" }], object: null, filters: {}, time: null, base: "light", order: [], offers: [], hidden: {}, compare: null });
});

test("a time no calendar has is left out", () => {
  for (const time of ["0000-99", "2021-13", "2021-06-45", "2021-06-08T99:00Z", "2021 OR 1"]) assert.equal(readLink(`?time=${encodeURIComponent(time)}`).time, null);
  assert.equal(readLink("?time=2021-06-08T00:00:00Z").time, "2021-06-08T00:00:00Z");
});

test("comparisons that make no sense are left out", () => {
  for (const text of ["", "layer=", "time=soon", "x=y", "time"]) assert.equal(readLink(`?compare=${encodeURIComponent(text)}`).compare, null);
  assert.deepEqual(readLink("?compare=layer%3Dstations").compare, { kind: "layer", layer: "stations" });
});

test("what an old link asks for in vain is named, the rest is kept", () => {
  const config = {
    layers: [{ id: "stations", title: "Trạm", inTree: true, fields: { wqi: { label: "", type: "number", unit: null, codes: null, link: null } } }],
  } as unknown as MapConfig;
  const search = `?layers=stations,gone,${"x".repeat(10_000)}&filter=stations:and~wqi.r.1.2~old.w.a&filter=gone:and~a.w.b&at=north&time=soon`;
  const missing = missingOf(config, readLink(search), search);
  assert.deepEqual(missing.layers, ["gone", `${"x".repeat(40)}…`]);
  assert.deepEqual(missing.filters, ["Trạm", "gone"]);
  assert.ok(missing.place && missing.time);
  const sound = "?layers=stations&filter=stations:and~wqi.r.1.2&at=10,106,9z&time=2020";
  assert.deepEqual(missingOf(config, readLink(sound), sound), { layers: [], filters: [], place: false, time: false });
});
