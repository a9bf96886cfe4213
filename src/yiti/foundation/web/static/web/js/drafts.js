// Drafts save themselves: 800 ms after the last change, at the latest every 10 s, and on leaving.

const REST = 800;
const EVERY = 10_000;
const words = document.getElementById("words")?.dataset ?? {};

function say(text, isLate = false) {
  for (const place of document.querySelectorAll("[data-draft-state]")) {
    place.textContent = text;
    place.classList.toggle("is-late", isLate);
  }
}

function keepDraft(form) {
  let isDirty = false;
  let isSaving = false;
  let timer = 0;

  // The server may answer JSON, e.g. {"revision": "3"}: fields of the form to bring up to date.
  function refresh(fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
  }

  async function save() {
    if (!isDirty || isSaving) return;
    isDirty = false;
    isSaving = true;
    try {
      // Whoever is signed out is sent to the sign-in page: that is an answer, but nothing was kept.
      const sent = { method: "POST", body: new FormData(form), redirect: "manual" };
      const answer = await fetch(form.dataset.autosave, sent);
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.headers.get("Content-Type")?.includes("json")) refresh(await answer.json());
      say(`${words.draftSaved} ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`);
      document.dispatchEvent(new Event("yiti:touched"));
    } catch {
      isDirty = true;
      say(words.draftLost, true);
      document.dispatchEvent(new Event("yiti:doubt"));
    } finally {
      isSaving = false;
    }
  }

  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  form.addEventListener("change", () => {
    isDirty = true;
  });
  form.addEventListener("submit", () => {
    isDirty = false;
  });
  form.addEventListener("yiti:line-lost", () => {
    isDirty = true;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-draft-now]")?.dataset.draftNow !== form.id) return;
    isDirty = true;
    save();
  });
  setInterval(save, EVERY);
  addEventListener("pagehide", () => {
    if (isDirty) navigator.sendBeacon(form.dataset.autosave, new FormData(form));
  });
}

for (const form of document.querySelectorAll("form[data-autosave]")) keepDraft(form);
