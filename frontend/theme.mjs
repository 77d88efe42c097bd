/**
 * Takes from Tabler's style sheet only the families that our back-office stands on.
 *
 * The whole sheet weighs 635 KB, most of it for widgets that Nexxio does not have. Kept are the
 * page grid and the spacing, flex and text utilities; controls, tables, cards, badges and every
 * other component are ours (static/css/components), so that both bundles show the same ones.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";

const SIZES = "(?:-(?:sm|md|lg|xl|xxl))?";
const FAMILIES = [
  `container(?:-(?:tight|narrow|fluid|sm|md|lg|xl|xxl))?`,
  `row(?:-cols${SIZES}-(?:auto|\\d))?|row-cards|row-deck`,
  `col${SIZES}(?:-(?:auto|\\d+))?|offset${SIZES}-\\d+|g[xy]?${SIZES}-\\d`,
  `d${SIZES}-(?:none|inline|block|inline-block|flex|inline-flex|grid)`,
  `flex${SIZES}-(?:fill|row|column|wrap|nowrap|grow-[01]|shrink-[01])`,
  `(?:justify-content|align-items|align-self)${SIZES}-(?:start|end|center|between|stretch|baseline)`,
  `[mp][tbsexy]?${SIZES}-(?:\\d|auto)|gap${SIZES}-\\d`,
  `w-(?:25|50|75|100|auto)|h-(?:100|auto)|text-(?:start|end|center|nowrap|truncate|wrap|break)`,
  `order${SIZES}-(?:first|last|\\d)|float-(?:start|end)|position-(?:relative|sticky)`,
  `overflow-(?:auto|hidden)|sticky-top|ratio(?:-[\\dx]+)?`,
].map((family) => new RegExp(`^(?:${family})$`));

const keptClass = (name) => FAMILIES.some((family) => family.test(name.replace(/\\/g, "")));

function keptSelector(selector) {
  const classes = selector.match(/\.(?:[\w-]|\\.)+/g) ?? [];
  return classes.length > 0 && classes.every((name) => keptClass(name.slice(1)));
}

/** Splits a block's text into its rules: [prelude, body] pairs, nested braces kept whole. */
function* rules(text) {
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{") {
      if (depth === 0) open = at;
      depth += 1;
    } else if (text[at] === "}") {
      depth -= 1;
      if (depth === 0) {
        yield [text.slice(start, open).trim(), text.slice(open + 1, at)];
        start = at + 1;
      }
    } else if (text[at] === ";" && depth === 0) {
      start = at + 1;
    }
  }
}

function subset(text) {
  const kept = [];
  for (const [prelude, body] of rules(text)) {
    if (prelude.startsWith("@media")) {
      const inner = subset(body);
      if (inner) kept.push(`${prelude}{${inner}}`);
    } else if (!prelude.startsWith("@")) {
      const selectors = prelude.split(",").filter(keptSelector);
      if (selectors.length) kept.push(`${selectors.join(",")}{${body}}`);
    }
  }
  return kept.join("\n");
}

export const themeSubset = (root) => ({
  name: "theme-subset",
  setup(build) {
    build.onResolve({ filter: /^theme:tabler$/ }, () => ({ path: "tabler", namespace: "theme" }));
    build.onLoad({ filter: /.*/, namespace: "theme" }, async () => {
      const file = path.join(root, "node_modules/@tabler/core/dist/css/tabler.css");
      const text = (await readFile(file, "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
      return { contents: subset(text), loader: "css" };
    });
  },
});
