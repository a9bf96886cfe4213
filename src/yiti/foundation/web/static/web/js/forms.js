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
  if (place) place.textContent = `${[...field.value].length} / ${field.maxLength}`;
}

document.addEventListener("input", (event) => count(event.target));

// A picker is empty again once something has been chosen in it.
const isChosen = (field) => Boolean(field.closest(".picker")?.querySelector("input[type=hidden]"));

function focusFirst(root) {
  const wanted =
    root.querySelector("[data-focus]") ??
    [...root.querySelectorAll("form[method=post] [required]")].find((each) => !each.value && each.type !== "radio" && !isChosen(each)) ??
    root.querySelector(".search-box input");
  wanted?.focus({ preventScroll: !wanted.hasAttribute("data-focus") });
}

for (const field of document.querySelectorAll("textarea[maxlength]")) count(field);
// A touch screen would open its keyboard over the page.
const main = document.getElementById("main");
if (main && (matchMedia("(pointer: fine)").matches || main.querySelector("[data-focus]"))) focusFirst(main);
