/** Keeps "il y a 2 h" true while the page stays open. */

const STEPS = [
  [365 * 86400, "year"],
  [60 * 86400, "month", 30 * 86400],
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

function refresh() {
  const lang = document.documentElement.lang || "fr";
  const relative = new Intl.RelativeTimeFormat(lang, { style: "short", numeric: "always" });
  for (const element of document.querySelectorAll("time[data-ago], time[data-age]")) {
    const seconds = (Date.parse(element.dateTime) - Date.now()) / 1000;
    const [limit, unit, size] = STEPS.find(([from]) => Math.abs(seconds) >= from) ?? [];
    if (!limit) continue; // under a minute: what the server wrote is right
    const count = Math.trunc(seconds / (size ?? limit));
    element.textContent =
      "age" in element.dataset
        ? new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" }).format(Math.abs(count))
        : relative.format(count, unit);
  }
}

setInterval(refresh, 60000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
