// Rows of a list: a click or an arrow key selects and fills the preview, Enter opens.

const REST = 150; // ms: holding an arrow key down must not ask for every row on the way

const rows = () => [...document.querySelectorAll("[data-rows] > [data-row]")];
const selected = () => document.querySelector("[data-row].is-selected");
const hasPreview = () => matchMedia("(min-width: 1200px)").matches && document.getElementById("preview");
const open = (row) => row?.querySelector(".row-link")?.click();
let timer = 0;

function select(row, wait = REST) {
  for (const other of document.querySelectorAll("[data-row].is-selected")) {
    other.classList.remove("is-selected");
    other.removeAttribute("aria-current");
  }
  row.classList.add("is-selected");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  clearTimeout(timer);
  timer = setTimeout(() => row.dispatchEvent(new Event("preview")), wait);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-preview-close]")) {
    document.getElementById("preview").replaceChildren();
    return;
  }
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, label, summary")) return;
  if (row.hasAttribute("hx-get") && hasPreview()) select(row, 0);
  else open(row);
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isFree = event.target === document.body || event.target.closest("main, [data-rows]");
  if (event.defaultPrevented || event.ctrlKey || event.altKey || !isFree) return;
  if (event.target.closest("input, select, textarea, button, summary, dialog")) return;
  if (step) {
    const all = rows();
    const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(selected()) + step))];
    if (!next) return;
    event.preventDefault();
    select(next);
  } else if (event.key === "Enter" && !event.target.closest("a") && selected()) {
    event.preventDefault();
    open(selected());
  }
});
