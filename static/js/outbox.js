/**
 * Keeps what was written, photographed or tapped until the server has it.
 *
 * A form with data-outbox is kept in the browser's own database first, then sent; without network
 * it waits there, visibly, and is sent again. What the server refuses stays with its reason until
 * it is mended or taken away, and so does what the server says of one that it has kept. Without
 * this script the form is sent as any other.
 *
 * A form with data-outbox="dated" says what has just happened: it carries the moment of its tap,
 * and is hidden while that waits. What is only possible after it (data-outbox-reveal) shows then.
 *
 * data-outbox-needs names fields without which nothing is kept: the server says what is missing
 * ("reason?answer=non": only with that answer). data-outbox-done is where to go once it is sent;
 * such a form is a page of its own: refused at once, it goes as any other, and the server shows it
 * again with what was typed and what is wrong beside each field.
 *
 * A page sends only what its own reader left (data-outbox-owner). Sending twice does no harm: the
 * server knows each send again by its key, or by the picture itself.
 */
import { settled } from "./photos.js";

const STORE = "waiting";
const MENDED = "outbox-mended";
const RETRY_FIRST = 5000;
const RETRY_LAST = 120000;
const TIMEOUT = 60000;

const list = () => document.querySelector("[data-outbox-list]");
let wait = RETRY_FIRST;
let timer = 0;

// --- The browser's database -----------------------------------------------------------------

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function rows(mode) {
  const opening = indexedDB.open("nexxio-outbox", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await asked(opening);
  const transaction = database.transaction(STORE, mode);
  transaction.oncomplete = () => database.close();
  return transaction.objectStore(STORE);
}

const keep = async (row) => asked((await rows("readwrite")).put(row));
const drop = async (id) => asked((await rows("readwrite")).delete(id));
async function mine() {
  const owner = list()?.dataset.outboxOwner;
  const all = await asked((await rows("readonly")).getAll());
  return all.filter((row) => row.owner === owner).sort((a, b) => a.at - b.at);
}

// --- What waits, on the page ----------------------------------------------------------------

function button(words, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn btn--small";
  element.textContent = words;
  element.addEventListener("click", act);
  return element;
}

function titleOf(row, words) {
  const files = row.fields.filter(([, value]) => value instanceof Blob && value.size).length;
  const count = files === 1 ? words.filesOne : files ? `${files} ${words.filesMany}` : "";
  const text = row.fields.find(([name]) => name === "text")?.[1]?.slice(0, 80) ?? "";
  const at = row.dated ? new Date(row.at).toLocaleTimeString("fr-FR", { timeStyle: "short" }) : "";
  return [row.title, at, text, count].filter(Boolean).join(" · ");
}

/** Addresses that a form may be sent to. */
function addressesOf(form) {
  const acts = [...form.querySelectorAll("[formaction]")].map((one) => one.formAction);
  return [form.action, ...acts].map((address) => new URL(address, location.href).pathname);
}

/** What has been tapped and still waits isn't offered again; what may follow it is. */
function showTaps(found) {
  const waiting = found.filter((row) => row.dated && !row.errors && !row.said).map((row) => row.url);
  for (const form of document.querySelectorAll('form[data-outbox="dated"]')) {
    form.hidden = addressesOf(form).some((address) => waiting.includes(address));
  }
  for (const part of document.querySelectorAll("[data-outbox-reveal]")) {
    part.hidden = !waiting.length;
  }
}

function stateOf(row, words) {
  if (row.said) return row.lacks ? words.lacks : words.sent;
  if (row.errors) return words.refused;
  return row.busy ? words.sending : words.waiting;
}

function line(row, words) {
  const item = document.createElement("div");
  item.className = `outbox__item tone-${row.errors ? "danger" : "warning"}`;
  const state = document.createElement("strong");
  state.textContent = stateOf(row, words);
  const what = document.createElement("span");
  what.className = "outbox__what";
  const told = (row.errors ?? row.said)?.join(" ");
  what.textContent = [titleOf(row, words), told, row.login && words.login]
    .filter(Boolean)
    .join(" – ");
  item.append(state, what);
  if (row.said) item.append(button(words.close, () => drop(row.id).then(show)));
  else if (!row.busy) {
    if (row.errors && canMend(row)) item.append(button(words.mend, () => mend(row)));
    item.append(
      button(words.retry, () => keep({ ...row, errors: null }).then(drain)),
      button(words.drop, () => drop(row.id).then(show)),
    );
  }
  return item;
}

/** The form of this page from which a row came. */
const formOf = (row) =>
  [...document.querySelectorAll("form[data-outbox]")].find((one) =>
    addressesOf(one).includes(row.url),
  );

/** Tell whether a form can show a row again; lines that were added to it aren't there any more. */
function canMend(row) {
  const grew = row.fields.some(([name]) => name.endsWith("-TOTAL_FORMS"));
  return !grew && (row.page === location.pathname ? formOf(row) : row.page);
}

/** Put what was refused back into its form, on its own page; sent again, it takes its place. */
async function mend(row) {
  const form = formOf(row);
  if (!form) {
    sessionStorage.setItem(MENDED, row.id);
    location.assign(row.page);
    return;
  }
  form.reset();
  form.dataset.outboxMends = row.id;
  if (row.dated) form.dataset.outboxAt = row.at;
  for (const [name, value] of row.fields) putBack(form.elements.namedItem(name), value);
  form.closest("details")?.setAttribute("open", "");
  form.scrollIntoView({ block: "nearest" });
}

/** Give a control the value that it had when it was sent. */
function putBack(found, value) {
  for (const one of found instanceof RadioNodeList ? found : [found]) {
    if (!one || one.name === "csrfmiddlewaretoken") continue;
    if (one.type === "file") {
      const files = new DataTransfer();
      for (const file of [...one.files, value]) files.items.add(file);
      one.files = files.files;
    } else if (one.type === "checkbox" || one.type === "radio") one.checked ||= one.value === value;
    else one.value = value;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Open what another page was asked to mend. */
async function mendAsked() {
  const id = sessionStorage.getItem(MENDED);
  sessionStorage.removeItem(MENDED);
  const row = id && (await mine()).find((one) => one.id === id && one.errors);
  if (row && formOf(row)) await mend(row);
}

async function show(busyId = "") {
  const box = list();
  if (!box) return;
  const found = await mine();
  box.hidden = !found.length;
  box.replaceChildren(...found.map((row) => line({ ...row, busy: row.id === busyId }, box.dataset)));
  showTaps(found);
}

// --- Sending --------------------------------------------------------------------------------

/** Have the page show what has arrived. */
function refresh() {
  for (const element of document.querySelectorAll("[data-live]")) {
    element.dispatchEvent(new CustomEvent("live"));
  }
}

/** Send one; returns "sent" and "refused", each with what is said of it, "login" or "later". */
async function send(row) {
  const body = new FormData();
  for (const [name, value] of row.fields) body.append(name, value);
  // The token of the page that is open now: the one of then may be over.
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) body.set("csrfmiddlewaretoken", token);
  let answer;
  try {
    answer = await fetch(row.url, {
      method: "POST",
      body,
      headers: { "X-Outbox": "1" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch {
    return ["later"];
  }
  if (answer.redirected) return ["login"];
  if (answer.status >= 500 || answer.status === 429) return ["later"];
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return ["sent", told.said, Boolean(told.lacks)];
  return ["refused", told.errors ?? [`(${answer.status})`]];
}

async function drainAll() {
  for (const row of await mine()) {
    if (row.errors || row.said) continue;
    await show(row.id);
    const [state, told, lacks] = await send(row);
    if (state === "sent") {
      // Nothing of it but the words about it stays, until they are read.
      if (told?.length) await keep({ ...row, fields: [], said: told, lacks, login: false });
      else await drop(row.id);
      wait = RETRY_FIRST;
      refresh();
      continue;
    }
    if (state === "refused") await keep({ ...row, errors: told });
    else {
      await keep({ ...row, login: state === "login" });
      again();
      break;
    }
  }
  await show();
}

/** Try later, ever more seldom; at once when the network comes back. */
function again() {
  clearTimeout(timer);
  timer = setTimeout(drain, wait);
  wait = Math.min(wait * 2, RETRY_LAST);
}

/** One tab sends at a time. */
async function drain() {
  if (!list()) return;
  if (navigator.locks) {
    await navigator.locks.request("nexxio-outbox", drainAll);
  } else await drainAll();
}

// --- Forms ----------------------------------------------------------------------------------

async function take(form, submitter) {
  // What was mended happened when it was first tapped.
  const { outboxMends: mended, outboxAt: tapped } = form.dataset;
  const at = new Date(Number(tapped) || Date.now());
  delete form.dataset.outboxMends;
  delete form.dataset.outboxAt;
  const dated = form.dataset.outbox === "dated";
  await settled();
  const fields = [...new FormData(form, submitter).entries()];
  if (dated) fields.push(["happened_at", at.toISOString()]);
  const row = {
    id: mended ?? crypto.randomUUID(),
    owner: list().dataset.outboxOwner,
    url: new URL(submitter?.getAttribute("formaction") ?? form.action, location.href).pathname,
    fields: fields.filter(([, value]) => !(value instanceof File) || value.size),
    title: submitter?.dataset.outboxTitle ?? form.dataset.outboxTitle ?? "",
    page: location.pathname,
    dated,
    at: at.getTime(),
  };
  try {
    await keep(row);
  } catch {
    // No room, or a private window.
    sendPlainly(form, submitter);
    return;
  }
  const next = form.dataset.outboxDone;
  if (!next) clear(form, submitter);
  await show();
  await drain();
  if (!next) return;
  const left = (await mine()).find((one) => one.id === row.id);
  if (left?.errors && !dated) {
    await drop(row.id);
    sendPlainly(form, submitter);
    return;
  }
  clear(form, submitter);
  if (!left || left.said) location.assign(next);
}

/** Have the browser send a form as any other. */
function sendPlainly(form, submitter) {
  delete form.dataset.outbox;
  form.requestSubmit(submitter);
}

/** Empty a form for what comes next: what was in it is kept. */
function clear(form, submitter) {
  form.reset();
  if (submitter) delete submitter.dataset.confirmed;
  const key = form.querySelector("input[name=send_key]");
  if (key) key.value = crypto.randomUUID();
  form.closest("details")?.removeAttribute("open");
}

/** Tell whether something that the form can't do without is missing. */
function lacks(form, needs) {
  const data = new FormData(form);
  return needs.split(" ").some((need) => {
    const [name, when] = need.split("?");
    const [other, answer] = when?.split("=") ?? [];
    if (other && data.get(other) !== answer) return false;
    const value = data.get(name);
    return value instanceof File ? !value.size : !value?.trim();
  });
}

function isEmpty(form) {
  if (form.dataset.outbox === "dated") return false;
  if (form.dataset.outboxNeeds) return lacks(form, form.dataset.outboxNeeds);
  const controls = [...form.querySelectorAll("textarea, input[type=file]")];
  return controls.every((one) => (one.files ? !one.files.length : !one.value.trim()));
}

addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    // What is empty goes to the server as any form, which says what is missing.
    if (!("outbox" in form.dataset) || !list() || isEmpty(form)) return;
    event.preventDefault();
    event.stopPropagation();
    take(form, event.submitter);
  },
  true,
);

if ("indexedDB" in window && window.crypto?.randomUUID) {
  addEventListener("online", () => {
    wait = RETRY_FIRST;
    drain();
  });
  addEventListener("htmx:afterSettle", () => show().catch(() => {}));
  show().then(drain).then(mendAsked).catch(() => {});
}
