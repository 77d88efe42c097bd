/**
 * One SVG sprite of the icons in frontend/icons.txt and of those that templates and Python name.
 *
 * A name in the list that the package does not know stops the build: a missing icon would be an
 * empty square that nobody reports.
 */
import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const USED = [
  /\{%\s*icon\s+"([a-z0-9-]+)"/g, // {% icon "name" %}
  /\bicon="([a-z0-9-]+)"/g, // {% status … icon="name" %}, nav_item(icon="name")
  /\bicon: [\w[\]]+ = "([a-z0-9-]+)"/g, // icon: ClassVar[str] = "name"
  /["']icon["']\s*:\s*["']([a-z0-9-]+)["']/g, // {"icon": "name"}
];
/** Modules that hand icons on by position: any string there that is an icon's name is taken. */
const POSITIONAL = /(?:navigation|states|wording)\.py$/;
const SKIP = new Set(["node_modules", "dist", "__pycache__", ".local", ".git", "tests"]);

async function* files(folder, extensions) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (SKIP.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(full, extensions);
    else if (extensions.some((extension) => entry.name.endsWith(extension))) yield full;
  }
}

function iconFile(root, name) {
  const folder = path.join(root, "node_modules/@tabler/icons/icons");
  return name.endsWith("-filled")
    ? path.join(folder, "filled", `${name.slice(0, -"-filled".length)}.svg`)
    : path.join(folder, "outline", `${name}.svg`);
}

async function namesUsed(root) {
  const names = new Set();
  for await (const file of files(root, [".html", ".py"])) {
    const text = await readFile(file, "utf8");
    for (const pattern of USED) {
      for (const match of text.matchAll(pattern)) names.add(match[1]);
    }
    if (POSITIONAL.test(file)) {
      for (const match of text.matchAll(/"([a-z][a-z0-9-]+)"/g)) {
        if (existsSync(iconFile(root, match[1]))) names.add(match[1]);
      }
    }
  }
  return names;
}

async function namesListed(root) {
  const text = await readFile(path.join(root, "frontend/icons.txt"), "utf8");
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

export async function buildSprite(root, target) {
  const listed = await namesListed(root);
  const names = [...new Set([...listed, ...(await namesUsed(root))])].sort();
  const symbols = [];
  for (const name of names) {
    const filled = name.endsWith("-filled");
    const file = iconFile(root, name);
    if (!existsSync(file)) {
      if (listed.includes(name)) throw new Error(`frontend/icons.txt: unknown icon "${name}"`);
      console.warn(`icon "${name}" is used but unknown to @tabler/icons`);
      continue;
    }
    const svg = await readFile(file, "utf8");
    const body = svg
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s+/g, " ")
      .trim();
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24"><g ${paint}>${body}</g></symbol>`);
  }
  await writeFile(target, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
  console.log(`icons.svg: ${symbols.length} icons`);
}
