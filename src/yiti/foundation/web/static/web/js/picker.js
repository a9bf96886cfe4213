// Search as you type: an ARIA combobox over options the server renders (docs/howto/build-a-page.md).

const REST = 200;
let made = 0;

function setUp(input) {
  const box = input.closest(".picker, .find") ?? input.parentElement;
  const list = document.createElement("ul");
  list.className = "picker-list";
  list.id = `picker-list-${(made += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent.trim() ?? "");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }
  if (input.dataset.pickerName) input.removeAttribute("name");

  let timer = 0;
  let asked = 0;
  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled=true])")];
  const current = () => list.querySelector("[aria-selected=true]");

  function setOpen(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) input.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    current()?.removeAttribute("aria-selected");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  async function ask() {
    const query = input.value.trim();
    const mine = (asked += 1);
    if (!query) return setOpen(false);
    const address = new URL(input.dataset.picker, location.href);
    address.searchParams.set("q", query);
    // Whoever is signed out is sent to the sign-in page, which is no list of options.
    const answer = await fetch(address, { headers: { "X-Yiti-Picker": "1" }, redirect: "manual" }).catch(() => null);
    if (!answer?.ok) document.dispatchEvent(new Event("yiti:doubt"));
    if (mine !== asked || !answer?.ok) return undefined;
    list.innerHTML = await answer.text();
    options().forEach((option, place) => {
      option.id = `${list.id}-${place}`;
    });
    setOpen(list.childElementCount > 0 && input === document.activeElement);
    mark(options()[0]);
    return undefined;
  }

  function keep(value, label) {
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    chosen.name = input.dataset.pickerName;
    chosen.value = value;
    const chip = document.createElement("span");
    chip.className = "chip chip-go";
    chip.append(label, chosen);
    addRemover(chip);
    if (!input.hasAttribute("data-picker-many")) box.querySelector(".chip")?.remove();
    input.before(chip);
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function addRemover(chip) {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "chip-remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${document.getElementById("words").dataset.remove} ${chip.textContent.trim()}`);
    remove.addEventListener("click", () => {
      chip.remove();
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    chip.append(remove);
  }

  function choose(option) {
    setOpen(false);
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    input.value = "";
    keep(option.dataset.value, option.dataset.label ?? option.textContent.trim());
  }

  for (const chip of box.querySelectorAll(".chip")) addRemover(chip);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
  input.addEventListener("blur", () => setTimeout(() => setOpen(false), 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-disabled") !== "true") choose(option);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.hidden && all.length) {
      mark(all[(all.indexOf(current()) + step + all.length) % all.length]);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden && current()) {
      choose(current());
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      setOpen(false);
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Backspace" && !input.value && input.dataset.pickerName) {
      [...box.querySelectorAll(".chip-remove")].pop()?.click();
    }
  });
}

const setUpAll = (root) => root.querySelectorAll("input[data-picker]:not([role=combobox])").forEach(setUp);
setUpAll(document);
document.addEventListener("htmx:afterSwap", () => setUpAll(document));
