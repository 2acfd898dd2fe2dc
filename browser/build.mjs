// The page's script, in one file that ships with the package: `node build.mjs`, or `--check` to compare it.
//
// Nothing in it depends on the machine, the folder or the day, so that anybody can make the same bytes again.

import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const BUNDLE = new URL("../src/floodmark/web/static/check.js", import.meta.url);

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/page/main.ts"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
});
const made = Buffer.from(outputFiles[0].contents);

if (process.argv.includes("--check")) {
  const kept = await readFile(BUNDLE).catch(() => Buffer.alloc(0));
  if (!kept.equals(made)) {
    console.error("src/floodmark/web/static/check.js is not what its sources make: run make bundle, and commit it.");
    process.exit(1);
  }
} else {
  await writeFile(BUNDLE, made);
}
console.log(`check.js: ${made.length} bytes, ${gzipSync(made, { level: 9 }).length} with gzip`);
