// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { spanOf } from "../src/services/counts";
import { downloadAddress, FORMATS, systemsOf } from "../src/services/downloads";
import type { Layer, MapConfig } from "../src/services/model";
import { columnsOf, idFilter, tableAddress } from "../src/services/table";

const field = { label: "", type: "text", unit: null, codes: null, link: null };
const layer = {
  id: "stations",
  titleField: "name",
  popup: ["wqi", "commune", "investor"],
  validity: false,
  fields: { code: field, name: field, wqi: field, commune: { ...field, type: "link" }, commune_title: field, investor: { ...field, type: "link" } },
} as unknown as Layer;
const config = {
  services: { items: "/ogcapi/collections" },
  zone: "EPSG:9210",
  zones: [{ code: "EPSG:9205", title: "103°", proj4: "" }, { code: "EPSG:9210", title: "105°45′", proj4: "" }],
} as unknown as MapConfig;
const nothing = { box: null, filter: null, time: null };

test("columns begin with the name; links show titles, never bare numbers", () => {
  assert.deepEqual(columnsOf(layer), ["name", "wqi", "commune_title", "code"]);
});

test("a table asks for its columns alone, sorted, in the box, under the filter and at the time", () => {
  const address = tableAddress(config, layer, { box: [105, 10, 106, 11], filter: "wqi > 50", time: "2021-02" }, { field: "wqi", down: true });
  const query = new URLSearchParams(address.split("?")[1]);
  assert.equal(address.split("?")[0], "/ogcapi/collections/stations/items");
  assert.deepEqual(Object.fromEntries(query), {
    bbox: "105.00000,10.00000,106.00000,11.00000",
    filter: "wqi > 50",
    datetime: "2021-02-01/2021-02-28",
    f: "json",
    limit: "50",
    skipGeometry: "true",
    properties: "name,wqi,commune_title,code",
    sortby: "-wqi",
  });
});

test("years and months become spans, days and moments stay", () => {
  assert.equal(spanOf("2021"), "2021-01-01/2021-12-31");
  assert.equal(spanOf("2024-02"), "2024-02-01/2024-02-29");
  assert.equal(spanOf("2024-02-05"), "2024-02-05");
});

test("a download names format and system; KML stays in WGS 84", () => {
  assert.equal(downloadAddress(config, layer, "gpkg", "EPSG:9210", nothing), "/ogcapi/collections/stations/items?f=gpkg&crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F9210");
  assert.equal(downloadAddress(config, layer, "kml", "EPSG:9210", nothing), "/ogcapi/collections/stations/items?f=kml");
  assert.equal(FORMATS.length, 10);
  assert.deepEqual(systemsOf(config).slice(0, 2), [["", "WGS 84"], ["EPSG:9210", "105°45′"]]);
});

test("a filter by ids holds numbers only", () => {
  assert.equal(idFilter(["12", "1) OR (1=1", "7"]), "id IN (12, 7)");
});
