// Forms: locked against a second press, first empty field focused, counts of characters.

const setLock = (form, locked) => {
  form.toggleAttribute("data-locked-now", locked);
  const foreign = form.id ? [...document.querySelectorAll(`button[form="${form.id}"]`)] : [];
  for (const button of [...form.querySelectorAll("button:not([type=button])"), ...foreign]) {
    if (locked) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-no-lock")) return;
  if (form.hasAttribute("data-locked-now")) {
    event.preventDefault();
    event.stopPropagation();
  } else if (!event.defaultPrevented) {
    // After this turn: a disabled submitter would not send its own name and value.
    setTimeout(() => setLock(form, true));
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches("form[hx-post]")) return;
  if (form.hasAttribute("data-locked-now")) event.preventDefault();
  else setLock(form, true);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches("form[hx-post]")) setLock(event.detail.elt, false);
});

document.addEventListener("yiti:line-lost", (event) => setLock(event.target, false));

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-locked-now]")) setLock(form, false);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

function count(field) {
  const place = field.id && document.querySelector(`[data-counts="${field.id}"]`);
  if (!place) return;
  const length = [...field.value].length;
  place.textContent = `${length} / ${field.dataset.most}`;
  place.classList.toggle("is-late", length > Number(field.dataset.most));
}

// A browser cuts off what is pasted beyond maxlength without a word; the server says how much is too much,
// and what was typed stays.
function keepWhole(root) {
  for (const field of root.querySelectorAll("form[method=post] [maxlength]")) {
    field.dataset.most = field.maxLength;
    field.removeAttribute("maxlength");
    count(field);
  }
}

// What was wrong is judged anew when it is sent; until then nobody knows.
function forget(field) {
  const box = field.closest(".field.has-error");
  if (!box) return;
  box.classList.remove("has-error");
  box.querySelector(".error")?.remove();
  field.removeAttribute("aria-invalid");
}

// A file too large is told at once: sent, it could be refused unread, and the rest of the form lost.
function weigh(field) {
  if (field.type !== "file" || !((field.files[0]?.size ?? 0) > Number(field.dataset.mostBytes))) return;
  field.value = "";
  const told = document.createElement("div");
  told.className = "error";
  told.setAttribute("role", "alert");
  told.append(document.getElementById("words").dataset.tooLarge);
  const box = field.closest(".field");
  box.classList.add("has-error");
  box.append(told);
}

document.addEventListener("input", ({ target }) => {
  count(target);
  forget(target);
});
document.addEventListener("change", ({ target }) => {
  forget(target);
  weigh(target);
});
document.addEventListener("htmx:load", ({ target }) => keepWhole(target));
keepWhole(document);

// A picker is empty again once something has been chosen in it.
const isChosen = (field) => Boolean(field.closest(".picker")?.querySelector("input[type=hidden]"));

function focusFirst(root) {
  const wanted =
    root.querySelector("[data-focus]") ??
    [...root.querySelectorAll("form[method=post] [required]")].find((each) => !each.value && each.type !== "radio" && !isChosen(each)) ??
    root.querySelector(".search-box input");
  wanted?.focus({ preventScroll: !wanted.hasAttribute("data-focus") });
}

// A page that answers a refused form is no page to come back to: the browser could not ask for it again.
if (document.querySelector(".form-errors")) history.replaceState(history.state, "", location.href);
// A touch screen would open its keyboard over the page.
const main = document.getElementById("main");
if (main && (matchMedia("(pointer: fine)").matches || main.querySelector("[data-focus]"))) focusFirst(main);
