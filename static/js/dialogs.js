/**
 * Opens <dialog> elements: any link with data-dialog="id". Without script the link leads to a page.
 */

function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], [data-focus-first], .control, .check");
  (first ?? dialog.querySelector(".dialog__actions .btn:last-child"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      open(dialog);
    }
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  const around = closer?.closest("dialog");
  if (around) {
    event.preventDefault();
    around.close();
  } else if (event.target.matches("dialog") && !event.target.querySelector("form[method=post] .control")) {
    event.target.close(); // a click beside a dialog that holds nothing typed
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig?.verb !== "get") {
    event.detail.elt.closest?.("dialog")?.close();
  }
});

export function openMarked(root) {
  root.querySelectorAll("dialog[data-dialog-open]").forEach(open);
  root.querySelectorAll("[data-dialog][hidden]").forEach((button) => {
    button.hidden = false;
  });
}

document.addEventListener("htmx:load", (event) => openMarked(event.detail.elt));
