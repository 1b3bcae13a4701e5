// SPDX-License-Identifier: MIT
// Bundles the plain map into the file named on the command line.
import { build } from "esbuild";

await build({ entryPoints: ["bench/plain.ts"], outfile: process.argv[2], bundle: true, minify: true, format: "esm", target: ["es2022"], logLevel: "warning" });
