/**
 * A choice that is found while typing (orders/line_row.html): the server finds, the arrows
 * move, Enter takes. The plain choice below stays what the form sends, and serves before any script.
 */

const WAIT = 180;
const timers = new WeakMap();

const parts = (combo) => ({
  input: combo.querySelector("[data-combo-input]"),
  list: combo.querySelector("[data-combo-list]"),
  // A long schedule's articles are no choice: the code is typed there, and what it means said beside.
  select: combo.querySelector("[data-combo-plain] select, [data-combo-plain] input"),
});

function close(combo) {
  const { input, list } = parts(combo);
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function shown(select) {
  if (!select.selectedOptions) return select.value ? select.dataset.shown || select.value : "";
  const option = select.selectedOptions[0];
  return option?.value ? option.textContent.trim() : "";
}

function mark(combo, option) {
  const { input, list } = parts(combo);
  for (const other of list.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false");
  if (!option) return;
  option.id ||= `${list.id}_${option.dataset.value}`;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function take(combo, option) {
  const { input, select } = parts(combo);
  select.value = option.dataset.value;
  if (!select.selectedOptions) select.dataset.shown = option.dataset.label;
  input.value = shown(select) || option.dataset.label;
  close(combo);
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function ask(combo) {
  const { input } = parts(combo);
  clearTimeout(timers.get(combo));
  timers.set(combo, setTimeout(() => htmx.trigger(input, "combo:ask"), WAIT));
}

/** What was typed but not taken is no article: the field shows again what the form will send. */
function settle(combo) {
  const { input, select } = parts(combo);
  clearTimeout(timers.get(combo));
  if (!input.value.trim() && select.value) {
    select.value = "";
    delete select.dataset.shown;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  input.value = shown(select);
  close(combo);
}

function enhance(combo) {
  const { input, select } = parts(combo);
  combo.querySelector("[data-combo-plain]").hidden = true;
  combo.querySelector("[data-combo-box]").hidden = false;
  input.value = shown(select);
  const errors = combo.querySelectorAll("[data-combo-plain] .form-field__error");
  if (errors.length) input.setAttribute("aria-invalid", "true");
  input.after(...errors);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-combo-input]")) ask(event.target.closest("[data-combo]"));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-combo-input]")) return;
  const combo = event.target.closest("[data-combo]");
  const { list } = parts(combo);
  const options = [...list.querySelectorAll("[data-value]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) ask(combo);
    else if (options.length) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(combo, options[(Math.max(at, step < 0 ? 0 : -1) + step + options.length) % options.length]);
    }
  } else if (event.key === "Enter") {
    // Never sends the order: people press it to choose.
    event.preventDefault();
    if (!list.hidden && options.length) take(combo, options[Math.max(at, 0)]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    settle(combo);
  }
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-combo-list] [data-value]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("[data-combo]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-combo-input]")) settle(event.target.closest("[data-combo]"));
});

/** Links to the plain choice (what is missing, what is wrong) lead to the control that people see. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  const combo = link && document.getElementById(link.hash.slice(1))?.closest("[data-combo]");
  if (!combo) return;
  event.preventDefault();
  parts(combo).input.focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.target;
  if (!list?.matches?.("[data-combo-list]")) return;
  const combo = list.closest("[data-combo]");
  const { input } = parts(combo);
  if (document.activeElement !== input) return;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark(combo, list.querySelector("[data-value]"));
});

document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root.matches("[data-combo]")) enhance(root);
  root.querySelectorAll("[data-combo]").forEach(enhance);
});
