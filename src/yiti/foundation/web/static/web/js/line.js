// The line to the server: refusals stand where they are read, and a lost line loses nothing.

const words = document.getElementById("words")?.dataset ?? {};
const PATIENCE = 4000; // ms to wait for a sign of life before a form is sent
const POLL = { "X-Yiti-Poll": "1" };
const address = document.getElementById("signed-out").dataset.session;

function showBar(retry) {
  hideBar();
  const bar = document.createElement("div");
  bar.className = "line-bar";
  bar.id = "line-bar";
  bar.setAttribute("role", "alert");
  bar.append(words.lineLost);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = words.tryAgain;
    button.addEventListener("click", () => {
      hideBar();
      retry();
    });
    bar.append(button);
  }
  (document.querySelector("dialog[open]") ?? document.body).append(bar);
}

const hideBar = () => document.getElementById("line-bar")?.remove();

const isPoll = (detail) => detail.requestConfig?.headers?.["X-Yiti-Poll"] === "1";

// Who is signed in, {} when that is not known, null when nobody answers.
async function ask() {
  try {
    const answer = await fetch(address, { cache: "no-store", headers: POLL, signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.json() : {};
  } catch {
    return null;
  }
}

// A form that the browser would send over a dead line ends on an error page and is lost; sent after the
// session has ended, it ends on the sign-in page. So it is held back until the server says that the same
// person is still there; then it is sent as if pressed once.
document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-line-up")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.hasAttribute("data-line-asked")) return;
    form.setAttribute("data-line-asked", "");
    const session = await ask();
    form.removeAttribute("data-line-asked");
    const again = () => form.requestSubmit(submitter);
    if (!session) {
      form.dispatchEvent(new Event("yiti:line-lost", { bubbles: true }));
      showBar(again);
      return;
    }
    hideBar();
    document.dispatchEvent(new CustomEvent("yiti:session", { detail: { session, again } }));
    if ("user" in session && session.user !== document.body.dataset.user) return;
    form.setAttribute("data-line-up", "");
    again();
    form.removeAttribute("data-line-up");
  },
  { capture: true },
);

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const { elt, requestConfig } = event.detail;
    const again = requestConfig?.triggeringEvent?.type;
    showBar(isPoll(event.detail) || !again ? null : () => window.htmx.trigger(elt, again));
  });
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) hideBar();
});

// A refusal goes to the top of the page, or of the dialog it was asked from.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || !xhr.responseText.includes("data-refusal")) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  event.detail.target =
    document.querySelector("dialog[open] [data-messages]") ?? document.getElementById("messages");
  event.detail.swapOverride = "innerHTML";
  event.detail.selectOverride = "unset";
});

document.addEventListener("htmx:responseError", (event) => {
  const number = event.detail.xhr.getResponseHeader("X-Request-ID") ?? event.detail.xhr.status;
  const text = `${words.failed} ${number}`;
  document.dispatchEvent(new CustomEvent("yiti:toast", { detail: { text, tone: "late" } }));
});
