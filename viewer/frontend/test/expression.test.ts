// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, Unsupported } from "../src/services/expression";

const station = { id: 7, properties: { wqi: 48.5, kind: "auto", name: "Trạm <b>", illustrative: true } };
const CASES: [unknown, unknown][] = [
  [["get", "kind"], "auto"],
  [["get", "gone"], null],
  [["id"], 7],
  [["!", ["has", "gone"]], true],
  [["all", ["has", "wqi"], [">=", ["to-number", ["get", "wqi"], 0], 26], ["<", ["to-number", ["get", "wqi"], 0], 51]], true],
  [["any", ["==", ["to-string", ["get", "kind"]], "semi"], ["!=", ["to-string", ["get", "gone"]], ""]], false],
  [[">=", ["get", "gone"], 0], false],
  [["<", "10", 9], false],
  [["concat", ["to-string", ["get", "wqi"]], "/", ["to-string", ["get", "gone"]]], "48.5/"],
  [["to-number", ["get", "kind"], 5], 5],
  [["case", ["==", ["get", "kind"], "x"], 1, ["==", ["get", "kind"], "auto"], 2, 3], 2],
  [["step", ["get", "wqi"], "low", 26, "bad", 51, "fair"], "bad"],
  [["interpolate", ["linear"], ["get", "wqi"], 0, 0, 97, 10], 5],
  [["interpolate", ["exponential", 2], ["zoom"], 8, 1, 10, 4], 2],
  [["in", ["id"], ["literal", [6, 7]]], true],
  [["slice", ["get", "kind"], -2], "to"],
  [["number-format", ["get", "wqi"], { locale: "vi", "min-fraction-digits": 2, "max-fraction-digits": 2 }], "48,50"],
  [["max", 0, ["-", 3, ["*", 2, ["abs", -2]]]], 0],
  [["to-boolean", ["get", "illustrative"]], true],
];

for (const [expression, value] of CASES) {
  test(`${JSON.stringify(expression)} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(compile(expression)(station, 9), value);
  });
}

test("what is not known is refused when it is read, not when it is drawn", () => {
  for (const hostile of [["eval", "1"], ["constructor"], ["__proto__", "a"], ["case", true, ["feature-state", "a"], 1], { a: 1 }, [["get", "a"]]]) {
    assert.throws(() => compile(hostile), Unsupported);
  }
  assert.throws(() => compile(["interpolate", ["linear"], ["zoom"], 0, ["to-color", "#000000"], 9, ["to-color", "#ffffff"]]), Unsupported);
});
