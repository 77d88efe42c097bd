/**
 * Rows of a formset (components/formset.html): added from a template, removed by the formset's own
 * DELETE box, with a running sum where fields named quantity and unit_price stand in a row.
 */

const decimal = (text) => Number.parseFloat(String(text ?? "").replace(/[\s\u00a0\u202f]/g, "").replace(",", "."));

function amounts(row) {
  const quantity = decimal(row.querySelector('[name$="-quantity"]')?.value);
  const price = decimal(row.querySelector('[name$="-unit_price"]')?.value);
  return Number.isFinite(quantity * price) ? Math.round(quantity * price * 100) / 100 : null;
}

function refresh(box) {
  const money = new Intl.NumberFormat(document.documentElement.lang || "fr", { style: "currency", currency: "EUR" });
  let total = 0;
  for (const row of box.querySelectorAll("[data-rows-row]:not(.rows__row--removed)")) {
    const sum = amounts(row);
    const output = row.querySelector("[data-rows-sum]");
    if (output) output.textContent = sum === null ? "" : money.format(sum);
    total += sum ?? 0;
  }
  const line = box.querySelector("[data-rows-total-line]");
  if (!line) return;
  line.hidden = false;
  line.querySelector("[data-rows-total]").textContent = money.format(total);
}

function add(box) {
  const count = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`);
  const template = box.querySelector("[data-rows-template]");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML
    .replaceAll("__prefix__", count.value)
    .replaceAll("__number__", String(Number(count.value) + 1));
  count.value = Number(count.value) + 1;
  const row = holder.content.firstElementChild;
  box.querySelector("[data-rows-list]").append(row);
  enhance(box);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function remove(row) {
  const box = row.closest("[data-rows]");
  const mark = row.querySelector('[name$="-DELETE"]');
  const rows = [...box.querySelectorAll("[data-rows-row]:not(.rows__row--removed)")];
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  if (mark) mark.checked = true;
  row.classList.add("rows__row--removed");
  (next?.querySelector("[data-rows-remove]") ?? box.querySelector("[data-rows-add]"))?.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  refresh(box);
}

function enhance(box) {
  box.querySelectorAll("[data-rows-add], [data-rows-remove]").forEach((button) => {
    button.hidden = false;
  });
  box.querySelectorAll("[data-rows-delete]").forEach((line) => {
    line.hidden = true;
  });
  refresh(box);
}

document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-rows-add]");
  if (adder) add(adder.closest("[data-rows]"));
  const remover = event.target.closest("[data-rows-remove]");
  if (remover) remove(remover.closest("[data-rows-row]"));
});

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-rows]");
  if (box) refresh(box);
});

document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root.matches("[data-rows]")) enhance(root);
  root.querySelectorAll("[data-rows]").forEach(enhance);
});
