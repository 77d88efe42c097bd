/**
 * Tells screen readers that a part of the page was swapped.
 *
 * data-announce="words" on the new element says what; data-announce-quiet keeps silent. Swaps that
 * come together are announced once.
 */

let waiting = null;
let words = "";

export function announce(text) {
  const region = document.querySelector("[data-announcer]");
  if (!region) return;
  words = text;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    // The same words twice would not be read again: empty the region first.
    region.textContent = "";
    requestAnimationFrame(() => {
      region.textContent = words;
    });
  }, 400);
}

document.addEventListener("htmx:load", (event) => {
  const element = event.detail.elt;
  if (element === document.body || element.matches("[data-announce-quiet], script")) return;
  const said = element.matches("[data-announce]") ? element : element.querySelector("[data-announce]");
  announce(said?.dataset.announce || document.body.dataset.updated || "");
});
