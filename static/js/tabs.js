/** On a phone the current tab may stand beyond the edge of the strip: it is brought to its middle. */
for (const current of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = current.parentElement;
  const [tab, whole] = [current.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += tab.left + tab.width / 2 - (whole.left + whole.width / 2);
}
