/** htmx: its settings, and what happens when an answer is a refusal or does not come. */
import htmx from "htmx.org";

import { toast } from "./toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold names and addresses: none stays in the browser's storage
  refreshOnHistoryMiss: true,
  timeout: 20000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // the form again, with its errors
    { code: "409", swap: true }, // somebody was faster: the fresh fragment says who
    { code: "[45]..", swap: false, error: true },
  ],
});

function again(element, event) {
  if (element.matches("form")) element.requestSubmit();
  else if (event?.type === "click") element.click();
  else htmx.trigger(element, event?.type ?? "load");
}

function report(event, text) {
  const { elt, requestConfig } = event.detail;
  const trigger = requestConfig?.triggeringEvent;
  if (trigger?.type === "live") return; // nobody asked: the stream will ask again
  const { retry } = document.body.dataset;
  toast({ text, tone: "danger", key: "network", action: { label: retry, run: () => again(elt, trigger) } });
}

document.addEventListener("htmx:sendError", (event) => report(event, document.body.dataset.networkError));
document.addEventListener("htmx:timeout", (event) => report(event, document.body.dataset.networkError));
document.addEventListener("htmx:responseError", (event) => report(event, document.body.dataset.serverError));

function showNetwork() {
  document.querySelectorAll("[data-offline]").forEach((banner) => {
    banner.hidden = navigator.onLine;
  });
}
window.addEventListener("online", showNetwork);
window.addEventListener("offline", showNetwork);
showNetwork();
