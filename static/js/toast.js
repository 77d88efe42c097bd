/** Short notices over the page. An error stays until it is dismissed or acted upon. */

const SPRITE = new URL("./icons.svg", import.meta.url).pathname;
const ICONS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", danger: "alert-circle" };

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Shows a notice and returns it. action: {label, run}; key: a notice with the same key is replaced.
 */
export function toast({ text, tone = "info", action = null, key = "" }) {
  const box = document.querySelector("[data-toasts]");
  if (!box) return null;
  if (key) box.querySelectorAll(`[data-key="${key}"]`).forEach((other) => other.remove());
  const element = document.createElement("div");
  element.className = `toast tone-${tone}`;
  element.dataset.key = key;
  element.setAttribute("role", tone === "danger" ? "alert" : "status");
  const words = document.createElement("span");
  words.className = "toast__text";
  words.textContent = text;
  element.append(icon(ICONS[tone] ?? ICONS.info), words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      element.remove();
      action.run();
    });
    element.append(button);
  } else {
    setTimeout(() => element.remove(), 8000);
  }
  box.append(element);
  return element;
}
