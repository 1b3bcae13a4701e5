// SPDX-License-Identifier: MIT
// Bundles the viewer into ../static/build: map.js, map.css and the font files they name.
import { readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { context } from "esbuild";

const out = new URL("../static/build/", import.meta.url).pathname;
const options = {
  entryPoints: { map: "src/main.ts", style: "src/style/main.css" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  assetNames: "fonts/[name]",
  loader: { ".svg": "text", ".woff2": "file" },
  legalComments: "linked",
  logLevel: "warning",
};

await rm(out, { recursive: true, force: true });
const builder = await context(options);
if (process.argv.includes("--watch")) {
  await builder.watch();
} else {
  await builder.rebuild();
  await builder.dispose();
  for (const name of ["map.js", "style.css"]) {
    const bytes = await readFile(out + name);
    process.stdout.write(`${name}: ${String(bytes.length)} bytes, ${String(gzipSync(bytes).length)} gzipped\n`);
  }
}
