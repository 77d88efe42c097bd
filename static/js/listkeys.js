/**
 * Keys of a list ([data-list-keys]): j and k or the arrows move, Enter opens (it is a link), x
 * ticks, / searches, ? shows the keys. Nothing is taken from whoever types, or from a combination.
 */
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

const list = () => document.querySelector("[data-list-keys]");
const links = () => [...list().querySelectorAll("tbody th a")];

function move(step) {
  const all = links();
  const at = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  const link = all[Math.min(Math.max(next, 0), all.length - 1)];
  link?.focus();
  link?.closest("tr").scrollIntoView({ block: "nearest" });
  return Boolean(link);
}

function tick() {
  const box = document.activeElement?.closest("tr")?.querySelector("[data-tick]");
  box?.click();
  return Boolean(box);
}

function search() {
  const field = document.querySelector(".filters__search input");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function help() {
  const dialog = document.querySelector("[data-keys-help]");
  dialog?.showModal();
  return Boolean(dialog);
}

const KEYS = {
  j: () => move(1),
  ArrowDown: () => inside() && move(1),
  k: () => move(-1),
  ArrowUp: () => inside() && move(-1),
  x: tick,
  "/": search,
  "?": help,
};

/** The arrows scroll the page until somebody is in the list. */
const inside = () => list().contains(document.activeElement);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!list() || event.target.closest?.(TYPING)) return;
  if (Object.hasOwn(KEYS, event.key) && KEYS[event.key]()) event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-keys-open]")) help();
});
