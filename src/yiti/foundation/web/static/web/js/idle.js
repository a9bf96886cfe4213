// Idle sign-out: the server ends a session nobody touches; here one is warned a minute before.

const MINUTE = 60_000;
const GRACE = 2000; // the server counts whole seconds
const limit = Number(document.body.dataset.idleMinutes) * MINUTE + GRACE;
const dialog = document.getElementById("idle");
let touchedAt = Date.now();

const touched = () => {
  touchedAt = Date.now();
  if (dialog.open) dialog.close();
};

async function touch() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) touched();
}

// Someone who types or points is not idle, even when the page needs no request.
function notice() {
  if (Date.now() - touchedAt > MINUTE && !dialog.open) touch();
}

if (limit && dialog) {
  for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, notice, { passive: true });
  document.addEventListener("yiti:touched", touched);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig?.headers?.["X-Yiti-Poll"] !== "1") touched();
  });
  dialog.addEventListener("close", () => {
    if (Date.now() - touchedAt < limit) touch();
  });
  setInterval(() => {
    const left = limit - (Date.now() - touchedAt);
    if (left <= 0) {
      dialog.close();
      document.dispatchEvent(new Event("yiti:doubt"));
    } else if (left <= MINUTE && !dialog.open) dialog.showModal();
    if (dialog.open) dialog.querySelector("[data-left]").textContent = Math.ceil(left / 1000);
  }, 1000);
}
