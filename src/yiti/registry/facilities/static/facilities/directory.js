// The capability directory: mark the chosen cell and its column while the preview loads. Where there is no
// room for a preview the link opens the page, which says the same above the table.

function choose(cell) {
  const matrix = cell.closest("table");
  for (const other of matrix.querySelectorAll(".is-column, .is-cell")) other.classList.remove("is-column", "is-cell");
  for (const row of matrix.rows) {
    if (row.cells.length === cell.parentNode.cells.length) row.cells[cell.cellIndex].classList.add("is-column");
  }
  cell.classList.add("is-cell");
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target.closest?.(".matrix a.mark");
  if (!link) return;
  if (matchMedia("(min-width: 1200px)").matches) {
    choose(link.closest("td"));
  } else {
    event.preventDefault();
    location.assign(link.href);
  }
});
