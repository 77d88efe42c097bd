/** Copy buttons: shown only where the browser lets a page write to the clipboard. */
import { announce } from "./announce.js";

function show(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy][hidden]").forEach((button) => {
    button.hidden = false;
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, 1500);
  announce(`${button.dataset.copy} ✓`);
});

document.addEventListener("htmx:load", (event) => show(event.detail.elt));
