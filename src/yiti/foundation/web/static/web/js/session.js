// The session has ended while somebody was typing: one signs in over the page, and nothing is lost.
// Where nothing was typed, the page is left for the sign-in page. What others may send here:
// `yiti:session` {session: {user, token}, again} and `yiti:doubt` (is anybody still signed in?).

const me = document.body.dataset.user;
const dialog = document.getElementById("signed-out");
const words = document.getElementById("words").dataset;
const form = dialog.querySelector("form");
const says = document.getElementById("signed-out-says");
const ended = says.textContent;
const typedIn = new Set();
const toDo = []; // what was about to be done
let isOut = false;

const hasTyped = () => [...typedIn].some((each) => each.isConnected);

async function look() {
  const answer = await fetch(dialog.dataset.session, { cache: "no-store", headers: { "X-Yiti-Poll": "1" } }).catch(() => null);
  return answer?.ok ? answer.json() : {};
}

function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

function refuse(text) {
  const place = dialog.querySelector("[data-refused]");
  place.textContent = text;
  place.hidden = !text;
}

// The password is asked for first; then, of those who have bound an authenticator, its code.
function askFor(name) {
  for (const each of ["password", "code"]) {
    const field = form.elements[each];
    field.closest(".field").hidden = each !== name;
    field.required = each === name;
    field.value = "";
  }
  form.elements[name].focus();
}

function ask(isSomebodyElse) {
  refuse("");
  says.textContent = isSomebodyElse ? words.somebodyElse : ended;
  isOut = true;
  if (dialog.open) return;
  document.getElementById("idle").close();
  dialog.showModal();
  askFor("password");
}

// Take note of who is signed in; `then` is what was about to be done, if anything.
function settle({ user, token }, then = null) {
  if (user === undefined) return;
  renew(token);
  if (user === me) {
    isOut = false;
    dialog.close();
    document.dispatchEvent(new Event("yiti:touched"));
    return;
  }
  if (then) toDo.push(then);
  if (then || hasTyped()) ask(Boolean(user));
  else location.reload();
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    if (target.form?.method === "post") typedIn.add(target.form);
  });
}

document.addEventListener("yiti:session", ({ detail }) => settle(detail.session, detail.again));
document.addEventListener("yiti:doubt", async () => settle(await look()));

// A page may stand open behind others while one goes home and the next one signs in.
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible") return;
  const session = await look();
  if (session.user !== me) settle(session);
  else renew(session.token);
});

// htmx would leave for the sign-in page.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, elt, requestConfig } = event.detail;
  if (xhr.status !== 401) return;
  if (!elt.matches("form[hx-post]") && !hasTyped()) return;
  event.preventDefault();
  const cause = requestConfig.triggeringEvent?.type;
  look().then((session) => settle(session, cause ? () => window.htmx.trigger(elt, cause) : null));
});

// Esc pressed twice closes any dialog.
dialog.addEventListener("close", () => {
  if (isOut) dialog.showModal();
});
dialog.querySelector("[data-give-up]").addEventListener("click", () => location.reload());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  const sent = { method: "POST", body: new FormData(form), headers };
  const isCode = form.elements.code.required;
  const answer = await fetch(isCode ? form.dataset.code : form.dataset.signIn, sent).catch(() => null);
  if (!answer) return refuse(words.lineLost);
  if (isCode && !answer.ok) return refuse(words.wrongCode);
  if (!isCode) {
    const told = await answer.json().catch(() => null);
    if (!told) return refuse(words.lineLost);
    if (!answer.ok) {
      const { errors, fields } = told.form;
      return refuse([...errors, ...Object.values(fields).flatMap((each) => each.errors)].join(" "));
    }
    refuse("");
    if (told.location?.startsWith(form.dataset.code)) return askFor("code");
  }
  askFor("password");
  const session = await look();
  settle(session);
  if (session.user !== me) return;
  for (const go of toDo.splice(0)) go();
});
