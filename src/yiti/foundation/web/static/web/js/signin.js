// Sign-in: forgets the work tabs of whoever sat here before, and keeps the staff number if asked to.

sessionStorage.clear();

// Only the staff number is kept, never the password, and only when asked to.
const KEPT = "yiti:staff-number";
const keep = document.querySelector("[data-keeps]");
if (keep) {
  const field = document.getElementById(keep.dataset.keeps);
  const kept = localStorage.getItem(KEPT);
  keep.checked = kept !== null;
  if (kept && !field.value) {
    field.value = kept;
    document.querySelector("[data-secret] input")?.focus();
  }
  keep.form.addEventListener("submit", () => {
    if (keep.checked) localStorage.setItem(KEPT, field.value.trim());
    else localStorage.removeItem(KEPT);
  });
}
