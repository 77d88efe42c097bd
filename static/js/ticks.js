/**
 * Boxes of a list (templates/orders/list_acts.html): one for the page, a count, and ticks that
 * survive when the list is fetched anew. Without this the form works as it is.
 */
const kept = new Set();

const boxes = () => [...document.querySelectorAll("[data-tick]")];

function say(bar) {
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const words = bar.querySelector("[data-ticks-count]");
  const { none, one, more } = words.dataset;
  const text = count === 0 ? none : count === 1 ? one : more.replace("#", String(count));
  if (words.value !== text) words.value = text;
  const page = bar.querySelector("[data-ticks-page]");
  page.checked = count > 0 && count === all.length;
  page.indeterminate = count > 0 && count < all.length;
  bar.querySelector("[data-ticks-all]").hidden = false;
}

/** Remember what is ticked; what is gone from the list is forgotten. */
function keep() {
  kept.clear();
  for (const box of boxes()) if (box.checked) kept.add(box.value);
  const bar = document.querySelector("[data-ticks-bar]");
  if (bar) say(bar);
}

/** Tick again what was ticked before the list came anew. */
function restore() {
  for (const box of boxes()) if (kept.has(box.value)) box.checked = true;
  keep();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-ticks-page]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  } else if (!event.target.matches("[data-tick]")) {
    return;
  }
  keep();
});
document.addEventListener("htmx:afterSettle", restore);
window.addEventListener("pageshow", keep);
