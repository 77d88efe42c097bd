/** A strip of tabs that scrolls (on a phone) shows the current one, not only the first ones. */

for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
  const strip = tab.parentElement;
  const off = tab.getBoundingClientRect().left - strip.getBoundingClientRect().left;
  strip.scrollLeft += off - (strip.clientWidth - tab.offsetWidth) / 2;
}
