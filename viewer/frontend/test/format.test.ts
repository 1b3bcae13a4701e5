// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatValue } from "../src/services/format";
import { readException } from "../src/services/request";
import type { Field } from "../src/services/model";

const FIELD: Field = { label: "", type: "text", unit: null, codes: null, link: null };

test("codes become their titles and unknown codes stay readable", () => {
  const field = { ...FIELD, codes: { auto: { title: "Tự động", colour: null } } };
  assert.equal(formatValue("auto", field, "vi"), "Tự động");
  assert.equal(formatValue("x9", field, "vi"), "x9");
});

test("numbers carry their unit and the language's signs", () => {
  const field = { ...FIELD, type: "number", unit: "m³/ngày" };
  assert.equal(formatValue(1234.5, field, "vi"), "1.234,5 m³/ngày");
  assert.equal(formatValue(1234.5, field, "en"), "1,234.5 m³/ngày");
  assert.equal(formatValue(0, field, "vi"), "0 m³/ngày");
});

test("dates are written day first and moments in Vietnamese time", () => {
  assert.equal(formatValue("2022-06-08", { ...FIELD, type: "date" }, "vi"), "08/06/2022");
  assert.equal(formatValue("2022-06-08T02:40:00Z", { ...FIELD, type: "datetime" }, "vi"), "08/06/2022 09:40 (UTC+7)");
});

test("empty values are not shown and false is", () => {
  assert.equal(formatValue(null, FIELD, "vi"), null);
  assert.equal(formatValue("", FIELD, "vi"), null);
  assert.equal(formatValue(undefined, FIELD, "vi"), null);
  assert.equal(formatValue(false, { ...FIELD, type: "boolean" }, "en"), "No");
});

test("the sentence of a service exception is found in XML and in JSON", () => {
  assert.equal(readException('<ServiceException code="X">\n no such style </ServiceException>'), "no such style");
  assert.equal(readException("<ows:ExceptionText>gone</ows:ExceptionText>"), "gone");
  assert.equal(readException('{"code":"NotFound","description":"no such item"}'), "no such item");
  assert.equal(readException("<html>502</html>"), "");
});
