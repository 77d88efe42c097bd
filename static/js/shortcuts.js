/** Keyboard shortcuts of the office. They can be switched off: single keys get in some people's way. */

const KEY = "nexxio.shortcuts";
let afterG = 0;

const isOff = () => localStorage.getItem(KEY) === "off";
const isTyping = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]") !== null;

const ACTS = {
  "/": () => document.querySelector('[data-shortcut="/"]')?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
  n: () => document.querySelector('[data-shortcut="n"]')?.click(),
  g: () => {
    afterG = Date.now();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isOff()) return;
  const link = /^[1-9]$/.test(event.key) && Date.now() - afterG < 1500;
  if (link) document.querySelectorAll(".rail__link")[Number(event.key) - 1]?.click();
  else if (ACTS[event.key]) ACTS[event.key]();
  else return;
  event.preventDefault();
});

const toggle = document.querySelector("[data-shortcuts-toggle]");
if (toggle) {
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => localStorage.setItem(KEY, toggle.checked ? "on" : "off"));
}
