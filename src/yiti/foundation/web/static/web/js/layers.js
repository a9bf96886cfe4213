// Layers over the page: dialogs, pop-overs, and Esc, which closes the topmost one.
// The scripts share nothing by import; they speak through events on the document, so that
// hashed file names need no rewriting.

document.documentElement.classList.add("has-script");

let opener = null;

function openDialog(dialog) {
  dialog.addEventListener("cancel", (event) => {
    if (dialog.hasAttribute("data-locked")) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    if (dialog.hasAttribute("data-dialog")) dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  dialog.showModal();
  dialog.querySelector("[data-focus]")?.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-dialog-open], [data-dialog-close], [data-print], [data-back]");
  closeMenus(pressed?.hasAttribute("data-dialog-open") ? null : event.target);
  if (!pressed) return;
  if (pressed.dataset.dialogOpen) {
    opener = document.activeElement;
    openDialog(document.getElementById(pressed.dataset.dialogOpen));
  } else if (pressed.hasAttribute("data-dialog-close")) {
    pressed.closest("dialog").close();
  } else if (pressed.hasAttribute("data-print")) {
    window.print();
  } else {
    event.preventDefault();
    history.back();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const menu = [...document.querySelectorAll("details.menu[open]")].pop();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});

document.addEventListener("focusin", (event) => closeMenus(event.target));

// A dialog that htmx fetched into #dialog opens at once. Shown again with errors, it is a new
// element: the focus still goes back to where the first one was asked for. (After settling: htmx
// itself focuses what says autofocus while it settles, and would take the focus off the errors.)
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "dialog" && !document.querySelector("#dialog dialog")) {
    opener = document.activeElement;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "dialog") return;
  const dialog = document.querySelector("#dialog dialog[data-dialog]:not([open])");
  if (dialog) openDialog(dialog);
});

for (const dialog of document.querySelectorAll("dialog[data-opens]")) openDialog(dialog);
