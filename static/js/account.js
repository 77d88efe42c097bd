/** Pages of an account: a passkey that fails says why, a new password says how strong it is. */

// --- Passkeys: allauth's script tells of a failure by an event -----------------------------------

const WORDS = {
  NotAllowedError: "stopped",
  AbortError: "stopped",
  InvalidStateError: "known",
  SecurityError: "place",
  NotSupportedError: "unable",
};

function tell(key) {
  const box = document.querySelector("[data-passkey-problem]");
  if (!box) return;
  box.querySelector("[data-passkey-words]").textContent = box.dataset[key] ?? box.dataset.failed;
  box.hidden = false;
  box.focus();
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  tell(WORDS[event.detail.exception?.name] ?? "failed");
});

if (!window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-passkey]")) element.disabled = true;
  if (document.querySelector("[data-passkey]")) tell(window.isSecureContext ? "unable" : "place");
}

// --- Strength of a new password, in words. The server decides; this only accompanies. ------------

function strength(text, least) {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(text)).length;
  const letters = new Set(text.toLowerCase()).size;
  const length = [...text].length;
  if (!length) return "";
  if (length < least) return "short";
  if (letters < 5) return "weak";
  const worth = Math.min(length, letters * 2) + 2 * (kinds - 1);
  if (worth < 16) return "fair";
  return worth < 22 ? "good" : "strong";
}

for (const meter of document.querySelectorAll("[data-strength]")) {
  const control = document.querySelector(`input[name="${meter.dataset.strength}"]`);
  const show = () => {
    const found = strength(control.value, Number(meter.dataset.least));
    meter.textContent = found ? meter.dataset[found] : "";
  };
  control?.addEventListener("input", show);
}
