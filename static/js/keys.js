/**
 * Keys of a page's acts: inside [data-keys], what bears aria-keyshortcuts is clicked by its key.
 * Nothing is taken from whoever types or from a combination, and a key held down acts once.
 */
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  const act = document.querySelector(
    `[data-keys] [aria-keyshortcuts="${CSS.escape(event.key.toLowerCase())}"]`,
  );
  if (!act) return;
  event.preventDefault();
  act.click();
  // What a key unfolds is filled in next.
  const part = act.matches("summary") && act.closest("details[open]");
  if (part) part.querySelector("select, textarea, input:not([type=hidden])")?.focus();
});
