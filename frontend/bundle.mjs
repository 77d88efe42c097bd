/**
 * Builds static/dist: bundles (office, light, account, lines), the fonts and the icon sprite.
 *
 * office  back-office of landlords and contractors
 * light   technician, tenant, log-in and error pages: no theme, no Alpine
 * document  style sheet of printed documents (PDF), read by the worker that prints
 * account beside light, where a person shows a passkey or chooses a password
 * lines   beside light, where a technician writes price lines
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { buildSprite } from "./sprite.mjs";
import { themeSubset } from "./theme.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const out = path.join(root, "static/dist");
const watch = process.argv.includes("--watch");

/** An entry point may import a module that another part of the product brings: absent is empty. */
const optional = {
  name: "optional",
  setup(build) {
    build.onResolve({ filter: /^\.\/live\.js$/ }, (args) => {
      const file = path.join(args.resolveDir, args.path);
      return existsSync(file) ? { path: file } : { path: args.path, namespace: "absent" };
    });
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "" }));
  },
};

const options = {
  absWorkingDir: root,
  entryPoints: ["office.js", "light.js", "account.js", "lines.js"]
    .map((name) => `static/js/${name}`)
    .concat(["office.css", "light.css", "document.css"].map((name) => `static/css/${name}`)),
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: watch,
  format: "esm",
  target: ["chrome111", "firefox114", "safari16.4"],
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "linked",
  logLevel: "info",
  plugins: [themeSubset(root), optional],
};

if (!watch) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await buildSprite(root, path.join(out, "icons.svg"));
if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
