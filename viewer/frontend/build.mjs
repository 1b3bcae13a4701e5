// SPDX-License-Identifier: MIT
// Bundles the viewer into ../static/build: map.js, map.css and the font files they name.
import { readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { context } from "esbuild";

const out = new URL("../static/build/", import.meta.url).pathname;
const papers = ["a4", "a3", "a2", "a1", "a0"].flatMap((size) => [`${size}-landscape`, `${size}-portrait`]);
const options = {
  entryPoints: {
    map: "src/main.ts",
    style: "src/style/main.css",
    pages: "src/style/pages.css",
    "print-page": "src/print.ts",
    print: "src/style/print.css",
    staff: "src/staff.ts",
    "staff-style": "src/style/staff.css",
    ...Object.fromEntries(papers.map((paper) => [`print-${paper}`, `src/style/print-${paper}.css`])),
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  assetNames: "fonts/[name]",
  loader: { ".svg": "text", ".woff2": "file" },
  legalComments: "none",
  logLevel: "warning",
};

// What is bundled must carry its licence: one text beside the bundle.
const bundled = ["ol/LICENSE.md", "proj4/LICENSE.md", "lucide-static/LICENSE", "@fontsource/be-vietnam-pro/LICENSE"];

async function writeLicences() {
  const texts = await Promise.all(bundled.map((name) => readFile(`node_modules/${name}`, "utf8")));
  await writeFile(`${out}licences.txt`, bundled.map((name, at) => `== ${name.replace(/\/LICENSE.*/, "")} ==\n\n${texts[at]}`).join("\n\n"));
}

// The server hands out the packed twin to browsers that take it.
async function pack(name) {
  const bytes = await readFile(out + name);
  const packed = gzipSync(bytes, { level: 9 });
  await writeFile(`${out}${name}.gz`, packed);
  process.stdout.write(`${name}: ${String(bytes.length)} bytes, ${String(packed.length)} gzipped\n`);
}

await rm(out, { recursive: true, force: true });
const builder = await context(options);
if (process.argv.includes("--watch")) {
  await builder.watch();
} else {
  await builder.rebuild();
  await builder.dispose();
  await writeLicences();
  for (const name of ["map.js", "style.css", "pages.css", "staff.js", "staff-style.css"]) await pack(name);
}
