/**
 * Keeps what a page shows up to date.
 *
 * One event stream per browser and space: a Web Lock elects the tab that holds it, a
 * BroadcastChannel hands its messages to the others; where either is missing a tab holds its own.
 * A message is a key and nothing else: each element that lists it in data-live gets a `live`
 * event and fetches its own fragment, where the reader's rights are checked again.
 *
 * The stream's events are told in nexxio/core/hub.py. The last mark that was seen goes along when
 * the stream is opened again, so that nothing is missed in between.
 */
const GAP = 2000; // between two fetches of one element
const JITTER = 500;
const SPREAD = 2000; // when everything is fetched again, and so by everybody
const REQUEST_MAX = 30000;
const REPAIR = 5000;
const RETRY_FIRST = 1000;
const RETRY_LAST = 20000;
const SILENCE = 45000; // the server speaks every 20 seconds
const WELCOME = 4000;
const RECENT = 30000;

const { streamSpace: space, streamRenew: renewUrl } = document.body.dataset;
const name = `nexxio-${space}`;
const tab = Math.random().toString(36).slice(2);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// --- What the page shows --------------------------------------------------------------------

/** Per place on the page, which survives the swap of its element: when it was told, what waits. */
const places = new Map();
const stale = new Set();

/** The place of an element: its id, or what it fetches. */
const placeOf = (element) => (element.id ? `#${element.id}` : element.getAttribute("hx-get"));

const liveElements = () => [...document.querySelectorAll("[data-live]")];

function stateOf(place) {
  if (!places.has(place)) places.set(place, { told: 0, timer: 0, busySince: 0, again: false });
  return places.get(place);
}

/** Have a place fetched: at once (or within `spread`), then at most every two seconds. */
function refresh(place, spread = 0) {
  const state = stateOf(place);
  if (document.hidden) {
    stale.add(place);
  } else if (!state.timer) {
    const left = state.told + GAP - Date.now();
    const delay = left > 0 ? left + Math.random() * JITTER : Math.random() * spread;
    if (delay) state.timer = setTimeout(() => fire(place, state), delay);
    else fire(place, state);
  }
}

function fire(place, state) {
  state.timer = 0;
  if (document.hidden) {
    stale.add(place);
  } else if (Date.now() - state.busySince < REQUEST_MAX) {
    // The answer on its way may be older than the message, and its swap may replace the element.
    state.again = true;
  } else {
    state.told = Date.now();
    for (const element of liveElements()) {
      if (placeOf(element) === place) element.dispatchEvent(new CustomEvent("live"));
    }
  }
}

function hear(key) {
  for (const element of liveElements()) {
    if (element.dataset.live.split(/\s+/).includes(key)) refresh(placeOf(element));
  }
}

function hearAll() {
  for (const element of liveElements()) refresh(placeOf(element), SPREAD);
}

function watchRequests() {
  const liveOf = (event) => event.detail?.elt?.dataset?.live && stateOf(placeOf(event.detail.elt));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const state = liveOf(event);
    if (state) state.busySince = Date.now();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const state = liveOf(event);
    if (!state) return;
    const place = placeOf(event.detail.elt);
    const status = event.detail.xhr?.status ?? 0;
    state.busySince = 0;
    if (status === 0 || status >= 500) {
      setTimeout(() => refresh(place), REPAIR * (1 + Math.random()));
    } else if (state.again) {
      state.again = false;
      refresh(place);
    }
  });
}

// --- The stream -----------------------------------------------------------------------------

let token = document.body.dataset.streamToken;
let mark = "";
let over = false;
let leading = false;
let heardAt = Date.now();
let recent = [];
let channel = null;
let turn = null;

const isOn = () => document.documentElement.dataset.liveState === "on";

function setState(on) {
  document.documentElement.dataset.liveState = on ? "on" : "off";
}

/** Say something to all tabs, this one included. */
function share(message) {
  channel?.postMessage(message);
  receive(message);
}

function receive(message) {
  if (message.to && message.to !== tab) return;
  if (message.join) {
    if (leading) welcome(message.join);
    return;
  }
  heardAt = Date.now();
  if (message.mark) mark = message.mark;
  if ("on" in message) setState(message.on);
  if (message.over) finish();
  if (message.all) hearAll();
  for (const key of message.keys ?? []) hear(key);
}

/** Tell a new tab what was said while it loaded. */
function welcome(newcomer) {
  recent = recent.filter(({ at }) => Date.now() - at < RECENT);
  const keys = [...new Set(recent.map(({ key }) => key))];
  channel?.postMessage({ to: newcomer, keys, mark, on: isOn() });
}

function finish() {
  over = true;
  turn?.abort();
  setState(false);
  for (const notice of document.querySelectorAll("[data-live-lost]")) notice.hidden = false;
}

/** Ask for a fresh token: "granted", "over" (the session or link is), or "later". */
async function renew() {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(renewUrl, { headers, credentials: "same-origin" });
    if (answer.redirected || [401, 403, 404].includes(answer.status)) return "over";
    if (!answer.ok) return "later";
    ({ token } = await answer.json());
    return "granted";
  } catch {
    return "later";
  }
}

/** Hold the stream until it ends; resolves with "renew", "refused", "lost" or "left". */
function holdStream(signal) {
  return new Promise((resolve) => {
    const query = new URLSearchParams({ t: token, ...(mark && { depuis: mark }) });
    const source = new EventSource(`/flux/?${query}`);
    const leave = (reason) => {
      clearInterval(watch);
      source.close();
      resolve(reason);
    };
    // A connection that died without a word, as after a sleep, shows only by its silence.
    const watch = setInterval(() => Date.now() - heardAt > SILENCE && leave("lost"), 5000);
    heardAt = Date.now();
    signal.addEventListener("abort", () => leave("left"), { once: true });
    source.addEventListener("hello", ({ data }) => share({ mark: data, on: true }));
    source.addEventListener("beat", ({ data }) => share({ mark: data }));
    source.addEventListener("message", ({ data }) => {
      recent.push({ key: data, at: Date.now() });
      if (recent.length > 500) recent.shift();
      share({ keys: [data] });
    });
    source.addEventListener("resync", () => share({ on: true, all: true }));
    source.addEventListener("pause", () => share({ on: false }));
    source.addEventListener("renew", () => leave("renew"));
    source.addEventListener("end", () => leave("refused"));
    source.addEventListener("error", () => {
      leave(source.readyState === EventSource.CLOSED ? "refused" : "lost");
    });
  });
}

/** Hold one stream after the other until the session is over or another tab takes the lead. */
async function lead(signal) {
  let wait = RETRY_FIRST;
  leading = true;
  while (!over && !signal.aborted) {
    const begun = Date.now();
    const reason = await holdStream(signal);
    if (signal.aborted) break;
    if (reason !== "renew") share({ on: false });
    const verdict = reason === "lost" ? "later" : await renew();
    if (verdict === "over") share({ over: true });
    if (Date.now() - begun > SILENCE) wait = RETRY_FIRST;
    if (verdict === "granted" && wait === RETRY_FIRST) {
      // A token refused twice in a row is no reason to ask without end.
      wait *= 2;
    } else if (!over) {
      await pause(wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, RETRY_LAST);
    }
  }
  if (turn.signal === signal) leading = false;
}

/** Queue up for the lead, or take it from a tab that has fallen silent. */
async function campaign({ steal = false } = {}) {
  turn?.abort();
  const mine = new AbortController();
  turn = mine;
  leading = false;
  const reign = () => (mine.signal.aborted || over ? null : lead(mine.signal));
  if (!channel) {
    await reign();
    return;
  }
  try {
    const options = steal ? { steal } : { signal: mine.signal };
    await navigator.locks.request(name, options, reign);
  } catch {
    const ousted = !mine.signal.aborted;
    mine.abort();
    if (ousted && !over) campaign();
  }
}

/** A tab whose leader is frozen or gone without a trace takes over, if somebody looks at it. */
function check(patience = SILENCE) {
  if (over || leading || document.hidden || !channel) return;
  if (Date.now() - heardAt > patience) {
    heardAt = Date.now();
    campaign({ steal: true });
  }
}

function enter() {
  if ("BroadcastChannel" in window && navigator.locks) {
    channel = new BroadcastChannel(name);
    channel.addEventListener("message", ({ data }) => receive(data));
    channel.postMessage({ join: tab });
  }
  heardAt = Date.now();
  campaign();
  setTimeout(check, WELCOME + 500, WELCOME);
}

/** An open channel, lock or stream would keep the page out of the browser's back cache. */
function exit() {
  turn?.abort();
  channel?.close();
  channel = null;
}

function start() {
  setState(false);
  watchRequests();
  enter();
  setInterval(check, 10000);
  addEventListener("pagehide", exit);
  addEventListener("pageshow", (event) => {
    if (!event.persisted || over) return;
    enter();
    hearAll();
  });
  addEventListener("online", () => {
    if (leading) campaign();
    hearAll();
  });
  document.addEventListener("resume", hearAll);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    check();
    const waiting = [...stale];
    stale.clear();
    for (const place of waiting) refresh(place);
  });
}

if (token && space && renewUrl && "EventSource" in window) start();
