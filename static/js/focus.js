/** After a refused form, focus goes to the summary of errors, else to the first wrong field. */

export function focusFirstError(root) {
  const target = root.matches?.("[data-focus-first]")
    ? root
    : root.querySelector("[data-focus-first]") ?? root.querySelector('[aria-invalid="true"]');
  if (!target) return false;
  target.focus();
  return true;
}

document.addEventListener("htmx:load", (event) => focusFirstError(event.detail.elt));

// A link of the summary leads to a fieldset for choices: focus its first control.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".form-errors a[href^='#']");
  if (!link) return;
  const target = document.getElementById(link.hash.slice(1));
  const control = target?.matches("fieldset, div") ? target.querySelector("input, select, textarea") : target;
  if (!control) return;
  event.preventDefault();
  control.focus();
});
