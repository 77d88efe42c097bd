/** What every page does: focus, announcements, confirmation, no double submit, nothing lost. */

const toastBox = () => document.querySelector("[data-toasts]");

function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (region) region.textContent = text;
}

/** After a page or fragment with errors: the first wrong field gets the focus, else the summary. */
function focusErrors(root) {
  const summary = root.querySelector?.("[data-focus]");
  if (!summary) {
    if (root === document) document.querySelector('[aria-invalid="true"]')?.focus();
    return;
  }
  const link = summary.querySelector('a[href^="#"]');
  const target = link && document.getElementById(link.hash.slice(1));
  // A choice that is found while typing stands before the plain one, which is hidden.
  const combo = target?.closest("[data-combo]")?.querySelector("[data-combo-input]");
  if (combo) return combo.focus();
  const control = target?.matches("input, select, textarea") ? target : target?.querySelector("input");
  (control ?? summary).focus();
}

function toast(text, retry) {
  const box = toastBox();
  if (!box) return;
  // Several requests of one page may fail for one reason: it is said once.
  for (const former of [...box.children]) if (former.dataset.text === text) former.remove();
  const element = document.createElement("div");
  element.className = "toast tone-danger";
  element.setAttribute("role", "alert");
  element.dataset.text = text;
  const words = document.createElement("span");
  words.className = "toast__text";
  words.textContent = text;
  element.append(words);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.textContent = box.dataset.retryText;
    button.addEventListener("click", () => {
      element.remove();
      retry();
    });
    element.append(button);
  }
  box.append(element);
  setTimeout(() => element.remove(), 12000);
}

// --- Confirmation before what can't be undone -----------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  const dialog = document.querySelector("[data-confirm-dialog]");
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.querySelector("[data-confirm-text]").textContent = button.dataset.confirm;
  for (const part of dialog.querySelectorAll("[data-confirm-act]")) {
    part.textContent = button.textContent.trim();
  }
  dialog.querySelector("[data-confirm-no]").onclick = () => dialog.close();
  dialog.querySelector("[data-confirm-yes]").onclick = () => {
    dialog.close();
    const asked = inPlaceOf(button);
    if (!asked) return;
    asked.dataset.confirmed = "1";
    asked.form.requestSubmit(asked);
  };
  dialog.showModal();
});

/** Find a button again where the page was renewed while its question stood there. */
function inPlaceOf(button) {
  if (button.isConnected) return button;
  return [...document.querySelectorAll("button[data-confirm]")].find(
    (one) =>
      one.form?.action === button.form?.action &&
      one.formAction === button.formAction &&
      one.name === button.name &&
      one.value === button.value,
  );
}

// A page that comes back by "Back" has told its messages already.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelector(".messages")?.remove();
});

// --- Forms: one submit at a time, nothing typed is lost --------------------------------------

const dirty = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
  dirty.delete(form);
  const button = event.submitter;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "get") {
    form.dataset.sent = "1";
    button?.setAttribute("aria-busy", "true");
  }
});

document.addEventListener("reset", (event) => dirty.delete(event.target));

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (dirty.has(form)) event.preventDefault();
  }
});

// --- Fragments -------------------------------------------------------------------------------

document.addEventListener("htmx:afterSwap", (event) => {
  focusErrors(event.detail.target ?? document);
  const heading = event.detail.target?.querySelector?.("h1, .tracker__headline");
  if (heading) announce(heading.textContent.trim());
});

const isLive = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";

/** Have an element send its request once more, by the event that sent it. */
function again({ elt, requestConfig }) {
  if (!elt.isConnected) return;
  if (elt instanceof HTMLFormElement) elt.requestSubmit();
  else htmx.trigger(elt, requestConfig?.triggeringEvent?.type ?? "click");
}

/** Whether somebody has begun to fill a control in. */
function isTouched(control) {
  if (control.type === "hidden") return false;
  if (control.type === "file") return control.files.length > 0;
  if (control.options) {
    const first = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(first, 0);
  }
  // What a box without a value of its own says ("on") is not its default value.
  if (control.matches("[type=checkbox], [type=radio]")) return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

/** A part of a live page keeps what is being typed in it, or was refused (data-keep). */
function isInUse(part) {
  const controls = [...part.querySelectorAll("input, select, textarea")];
  return "keep" in part.dataset || controls.includes(document.activeElement) || controls.some(isTouched);
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.matches("[data-live-part]")) return;
  if (isInUse(target)) event.detail.shouldSwap = false;
  else if (target.querySelector("details[open]")) fragment.querySelector("details")?.setAttribute("open", "");
});

document.addEventListener("htmx:sendError", (event) => {
  if (!isLive(event)) toast(toastBox()?.dataset.offlineText ?? "", () => again(event.detail));
});

/** The server could not: its own words where it has some for us; the form stays as it was. */
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (isLive(event) || (xhr.status < 500 && xhr.status !== 413)) return;
  const isText = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const words = isText ? xhr.responseText : "";
  toast(words || (toastBox()?.dataset.failureText ?? ""), () => again(event.detail));
});

focusErrors(document);
