/** A file that the site would refuse is said at once, beside its field: nothing leaves, nothing typed is lost. */

const MEBI = 1024 * 1024;

/** Megabytes as the limit counts them: of 1024² bytes, or of a million. */
function inMegabytes(bytes, limit) {
  return Math.ceil(bytes / (limit % MEBI ? 1_000_000 : MEBI));
}

function say(input, text) {
  const field = input.closest(".form-field") ?? input.parentElement;
  field.querySelector("[data-heavy]")?.remove();
  input.toggleAttribute("aria-invalid", false);
  if (!text) return;
  input.setAttribute("aria-invalid", "true");
  const words = document.createElement("p");
  words.className = "form-field__error";
  words.dataset.heavy = "";
  words.setAttribute("role", "alert");
  words.textContent = text;
  field.append(words);
}

/** Tell whether what is chosen is too heavy, and say so, or take it back. */
function isHeavy(input) {
  const limit = Number(input.dataset.maxBytes);
  const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const words = document.querySelector("[data-toasts]")?.dataset.heavyText;
  const heavy = Boolean(limit && words && bytes > limit);
  const text = heavy
    ? words.replace("{size}", inMegabytes(bytes, limit)).replace("{limit}", inMegabytes(limit, limit))
    : "";
  say(input, text);
  return heavy;
}

document.addEventListener("change", (event) => {
  // A photo is made smaller before it leaves.
  const input = event.target;
  if (input.matches?.("input[type=file]") && !input.closest("[data-photo-input]")) isHeavy(input);
});

// Before anybody else hears of it: htmx and the outbox listen on the form.
document.addEventListener(
  "submit",
  (event) => {
    const heavy = [...event.target.querySelectorAll("input[type=file]")].filter(isHeavy);
    if (!heavy.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    heavy[0].focus();
  },
  { capture: true },
);
