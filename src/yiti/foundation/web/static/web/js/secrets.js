// Password fields: the eye shows what was typed, and caps lock is said before it costs a try.

for (const box of document.querySelectorAll("[data-secret]")) {
  const input = box.querySelector("input");
  const eye = box.querySelector("[data-reveal]");
  const caps = box.parentElement.querySelector("[data-caps]");
  eye?.addEventListener("click", () => {
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!isShown));
    input.focus();
  });
  for (const name of ["keydown", "keyup"]) {
    input.addEventListener(name, (event) => {
      if (caps) caps.hidden = !event.getModifierState?.("CapsLock");
    });
  }
}
