/**
 * Forms keep what was typed, and are sent once.
 *
 * A second submit while the first is under way is dropped. Leaving a page with something typed
 * asks first. A live swap never replaces a form in which somebody is writing.
 * data-no-guard on a form: leaving it loses nothing.
 */
import { toast } from "./toast.js";

const BUSY_LIMIT = 10000; // a form that answers with a file never navigates away
const dirty = new Set();

const isPost = (form) => form.method === "post";

function release(form) {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && isPost(form) && !("noGuard" in form.dataset)) dirty.add(form);
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!isPost(form)) return;
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const { networkError, retry } = document.body.dataset;
      const again = () => form.requestSubmit(event.submitter ?? undefined);
      toast({ text: networkError, tone: "danger", key: "network", action: { label: retry, run: again } });
      return;
    }
    // After the other listeners: one of them may stop the submit.
    queueMicrotask(() => {
      if (event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]")) return;
      form.dataset.busy = "1";
      event.submitter?.setAttribute("aria-busy", "true");
      setTimeout(() => release(form), BUSY_LIMIT);
      if (!form.matches("[hx-post]")) dirty.delete(form);
    });
  },
  true,
);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form) return;
  release(form);
  if (event.detail.successful && isPost(form)) dirty.delete(form);
});

// Back from the cache of the browser: the page must be usable again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));

export function isDirty(root) {
  for (const form of dirty) {
    if (!form.isConnected) dirty.delete(form);
    else if (root === form || root.contains(form)) return true;
  }
  return false;
}

window.addEventListener("beforeunload", (event) => {
  if (isDirty(document)) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target } = event.detail;
  if (requestConfig?.triggeringEvent?.type !== "live" || !isDirty(target)) return;
  event.detail.shouldSwap = false;
  toast({ text: document.body.dataset.updated, tone: "info", key: "changed" });
});
