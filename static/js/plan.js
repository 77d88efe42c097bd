/** The planning board: a visit dragged to a technician, an order or a visit dragged to a day. */

const OVER = "plan__cell--over";
let dragged = null;

const cellOf = (event) => event.target.closest?.("[data-plan-cell]");

function clear() {
  for (const cell of document.querySelectorAll(`.${OVER}`)) cell.classList.remove(OVER);
}

/** Where a drop leads: a form to be sent, a page to be opened, or nothing. */
function drop(card, cell) {
  const { planCell: technician, planDay: day } = cell.dataset;
  const query = new URLSearchParams({ jour: day });
  if (technician) query.set("technicien", technician);
  if (card.dataset.planOrder) {
    return { url: `${card.dataset.planOrder}?${query}` };
  }
  if (card.dataset.planFrom !== day) {
    return card.dataset.planMove ? { url: `${card.dataset.planMove}?${query}` } : null;
  }
  const from = card.closest("[data-plan-cell]")?.dataset.planCell;
  return technician && technician !== from ? { visit: card.dataset.planVisit, technician } : null;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-plan-visit], [data-plan-order]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
});

document.addEventListener("dragover", (event) => {
  const cell = dragged && cellOf(event);
  clear();
  if (!cell || !drop(dragged, cell)) return;
  event.preventDefault();
  cell.classList.add(OVER);
});

document.addEventListener("drop", (event) => {
  const cell = dragged && cellOf(event);
  const found = cell && drop(dragged, cell);
  if (!found) return;
  event.preventDefault();
  if (found.url) {
    location.assign(found.url);
    return;
  }
  const form = document.querySelector("[data-plan-form]");
  form.elements.visite.value = found.visit;
  form.elements.technicien.value = found.technician;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged = null;
  clear();
});
