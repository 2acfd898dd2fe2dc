// The page's script, in one file that ships with the package: `node build.mjs`, or `--check` to compare it.
//
// Nothing in it depends on the machine, the folder or the day, so that anybody can make the same bytes again.

import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const BUNDLE = new URL("../src/floodmark/web/static/check.js", import.meta.url);

const { outputFiles, metafile } = await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/page/main.ts"],
  bundle: true,
  write: false,
  metafile: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
});
const made = Buffer.concat([outputFiles[0].contents, Buffer.from(await licences(Object.keys(metafile.inputs)))]);

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

/** The licences of the packages in it, which have to go with every copy. */
async function licences(inputs) {
  const packages = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const texts = [...new Set(packages)].sort().map(async (name) => {
    const text = await readFile(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
    return `/*! ${name}\n\n${text.trim().replace(/[\u201c\u201d]/g, '"')}\n*/\n`;
  });
  return (await Promise.all(texts)).join("");
}
