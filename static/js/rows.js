/**
 * Rows of a formset (components/formset.html): added from a template, removed by the formset's own
 * DELETE box.
 */

/** Typed things changed: guards listen to input, checks of the form to change. */
function tell(box) {
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function add(box) {
  const count = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`);
  const template = box.querySelector("[data-rows-template]");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML
    .replaceAll("__prefix__", count.value)
    .replaceAll("__number__", String(Number(count.value) + 1));
  count.value = Number(count.value) + 1;
  const row = holder.content.querySelector("[data-rows-row]");
  box.querySelector("[data-rows-list]").append(row);
  enhance(box);
  htmx.process(row);
  htmx.trigger(row, "htmx:load", { elt: row });
  const fields = row.querySelectorAll("input:not([type=hidden]), select, textarea");
  [...fields].find((field) => field.offsetParent)?.focus();
  tell(box);
}

function remove(row) {
  const box = row.closest("[data-rows]");
  const rows = [...box.querySelectorAll("[data-rows-row]:not(.rows__row--removed)")];
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  row.querySelector('[name$="-DELETE"]').checked = true;
  row.classList.add("rows__row--removed");
  (next?.querySelector("[data-rows-remove]") ?? box.querySelector("[data-rows-add]"))?.focus();
  tell(box);
}

function enhance(box) {
  box.querySelectorAll("[data-rows-add], [data-rows-remove]").forEach((button) => {
    button.hidden = false;
  });
  box.querySelectorAll("[data-rows-row]").forEach((row) => {
    row.classList.toggle("rows__row--removed", row.querySelector('[name$="-DELETE"]').checked);
  });
  box.querySelectorAll("[data-rows-delete]").forEach((line) => {
    line.hidden = true;
  });
}

document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-rows-add]");
  if (adder) add(adder.closest("[data-rows]"));
  const remover = event.target.closest("[data-rows-remove]");
  if (remover) remove(remover.closest("[data-rows-row]"));
});

document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root.matches("[data-rows]")) enhance(root);
  root.querySelectorAll("[data-rows]").forEach(enhance);
});
