// Toasts: at most two, 8 seconds, and they wait while one points at them or stands in them.

const SECONDS = 8;
const MOST = 2;
const shelf = document.getElementById("toasts");

function start(toast) {
  let left = SECONDS;
  const seconds = toast.querySelector("[data-seconds]");
  const show = () => {
    if (seconds) seconds.textContent = `${left} ${document.getElementById("words").dataset.seconds}`;
  };
  show();
  const clock = setInterval(() => {
    if (!toast.isConnected) return clearInterval(clock);
    if (toast.matches(":hover, :focus-within")) return undefined;
    left -= 1;
    show();
    if (left > 0) return undefined;
    clearInterval(clock);
    toast.remove();
    return undefined;
  }, 1000);
}

function make(text, tone = "") {
  const toast = document.createElement("div");
  toast.className = `toast ${tone && `toast-${tone}`}`;
  toast.setAttribute("data-toast", "");
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  return toast;
}

if (shelf) {
  new MutationObserver((changes) => {
    for (const added of changes.flatMap((change) => [...change.addedNodes])) {
      if (added.nodeType === Node.ELEMENT_NODE && added.matches("[data-toast]")) start(added);
    }
    while (shelf.children.length > MOST) shelf.firstElementChild.remove();
  }).observe(shelf, { childList: true });

  document.addEventListener("yiti:toast", (event) => shelf.append(make(event.detail.text, event.detail.tone)));

  for (const message of document.querySelectorAll("[data-becomes-toast]")) {
    const toast = make(message.textContent.trim());
    toast.prepend(message.querySelector(".icon").cloneNode(true));
    message.remove();
    shelf.append(toast);
  }
  const messages = document.getElementById("messages");
  if (messages && !messages.childElementCount) messages.replaceChildren(); // :empty knows no blanks
}
