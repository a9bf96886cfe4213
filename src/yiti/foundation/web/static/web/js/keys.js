// The keyboard of the house: named keys press what carries data-key, Enter goes to the next field,
// single keys work outside fields only and can be switched off.

const SINGLE_KEYS = "yiti:single-keys";
const FIELD = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), select, textarea";

const isTyping = (element) => element.matches?.(`${FIELD}, [contenteditable]`);
const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const layer = () => [...document.querySelectorAll("dialog[open]")].pop() ?? document;
const named = (name) => [...layer().querySelectorAll(`[data-key="${name}"]`)].filter(isSeen).pop();

function nameOf(event) {
  if (event.altKey || event.metaKey || event.shiftKey) return null;
  if (event.ctrlKey) return `Ctrl ${event.key.toUpperCase()}`;
  return /^F\d+$/.test(event.key) ? event.key : null;
}

function pressNamed(event) {
  const name = nameOf(event);
  if (!name) return false;
  if (name === "Ctrl K") {
    const find = document.getElementById("find");
    find?.focus();
    find?.select();
    return Boolean(find);
  }
  const target = named(name);
  target?.click();
  return Boolean(target);
}

function goToNextField(event) {
  const field = event.target;
  const form = field.form;
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !form || form.method !== "post") return false;
  if (!field.matches(FIELD) || field.matches("textarea") || form.hasAttribute("data-enter-submits")) return false;
  const fields = [...form.elements].filter((each) => each.matches(`${FIELD}, .segment input:checked`) && isSeen(each));
  const next = fields[fields.indexOf(field) + 1] ?? named("F9");
  next?.focus();
  return Boolean(next);
}

function pressSingle(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || layer() !== document) return false;
  if (localStorage.getItem(SINGLE_KEYS) === "off") return false;
  if (event.key === "?") {
    document.querySelector("[data-dialog-open=keys]")?.click();
    return true;
  }
  const tab = /^[1-9]$/.test(event.key) && document.querySelectorAll(".status-tab")[event.key - 1];
  if (tab) tab.click();
  return Boolean(tab);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (pressNamed(event) || goToNextField(event) || pressSingle(event)) event.preventDefault();
});

const singleKeys = document.getElementById("single-keys");
if (singleKeys) {
  singleKeys.checked = localStorage.getItem(SINGLE_KEYS) !== "off";
  singleKeys.addEventListener("change", () => {
    localStorage.setItem(SINGLE_KEYS, singleKeys.checked ? "on" : "off");
  });
}
