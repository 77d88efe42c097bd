/**
 * Keeps what a page shows up to date.
 *
 * One event stream per browser and space: a Web Lock elects the tab that holds it, a
 * BroadcastChannel hands its messages to the others. A message is a key and nothing else; each
 * element that lists it in data-live gets a `live` event and fetches its own fragment, where the
 * reader's rights are checked again.
 */
const GAP = 2000;
const RETRY_FIRST = 500;
const RETRY_LAST = 8000;

const space = document.body.dataset.streamSpace;
const renewUrl = document.body.dataset.streamRenew;
let token = document.body.dataset.streamToken;
let mark = "";
let over = false;
const lastTold = new WeakMap();
const waiting = new WeakMap();

function setState(on) {
  document.documentElement.dataset.liveState = on ? "on" : "off";
}

/** Tell an element to fetch again: at once, then at most every two seconds, with some jitter. */
function tell(element) {
  if (waiting.has(element)) return;
  const since = Date.now() - (lastTold.get(element) ?? -GAP);
  const delay = since >= GAP ? 0 : GAP - since + Math.random() * 400;
  const fire = () => {
    waiting.delete(element);
    if (document.hidden) {
      missed.add(element);
      return;
    }
    lastTold.set(element, Date.now());
    element.dispatchEvent(new CustomEvent("live"));
  };
  waiting.set(element, setTimeout(fire, delay));
}

const missed = new Set();

function hear(key) {
  for (const element of document.querySelectorAll("[data-live]")) {
    if (element.dataset.live.split(/\s+/).includes(key)) tell(element);
  }
}

function hearAll() {
  for (const element of document.querySelectorAll("[data-live]")) tell(element);
}

function finish() {
  over = true;
  setState(false);
  for (const notice of document.querySelectorAll("[data-live-lost]")) notice.hidden = false;
}

/** Ask for a fresh token. False when the session or the link is over. */
async function renew() {
  const response = await fetch(renewUrl, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (response.redirected || response.status === 403 || response.status === 404) return false;
  if (!response.ok) throw new Error(`renew: ${response.status}`);
  token = (await response.json()).token;
  return true;
}

/** Hold the stream until it ends; resolves with the reason. */
function holdStream(share) {
  return new Promise((resolve) => {
    const after = mark ? `&depuis=${mark}` : "";
    const source = new EventSource(`/flux/?t=${encodeURIComponent(token)}${after}`);
    let open = false;
    const leave = (reason) => {
      source.close();
      resolve(reason);
    };
    const keepMark = (event) => {
      mark = event.data;
    };
    source.addEventListener("hello", (event) => {
      keepMark(event);
      open = true;
      setState(true);
    });
    source.addEventListener("beat", keepMark);
    source.addEventListener("message", (event) => share({ key: event.data }));
    source.addEventListener("resync", () => {
      setState(true);
      share({ all: true });
    });
    source.addEventListener("pause", () => setState(false));
    source.addEventListener("renew", () => leave("renew"));
    source.addEventListener("end", () => leave("end"));
    source.addEventListener("error", () => {
      setState(false);
      leave(open ? "lost" : "refused");
    });
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function lead(share) {
  let delay = RETRY_FIRST;
  while (!over) {
    const reason = await holdStream(share);
    if (reason === "end") {
      share({ end: true });
      return;
    }
    if (reason === "lost") delay = RETRY_FIRST;
    if (reason !== "renew") {
      await pause(delay * (0.75 + Math.random() / 2));
      delay = Math.min(delay * 2, RETRY_LAST);
    }
    try {
      if (reason !== "lost" && !(await renew())) {
        share({ end: true });
        return;
      }
    } catch {
      // The site is away; the next turn tries again.
    }
  }
}

function start() {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`nexxio-${space}`) : null;
  const receive = (message) => {
    if (message.end) finish();
    else if (message.all) hearAll();
    else hear(message.key);
  };
  const share = (message) => {
    channel?.postMessage(message);
    receive(message);
  };
  channel?.addEventListener("message", (event) => receive(event.data));
  if (channel && navigator.locks) {
    navigator.locks.request(`nexxio-${space}`, () => lead(share));
  } else {
    lead(share);
  }
  addEventListener("pageshow", (event) => event.persisted && hearAll());
  addEventListener("online", hearAll);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const element of missed) if (element.isConnected) tell(element);
    missed.clear();
  });
}

if (token && space && "EventSource" in window) start();
