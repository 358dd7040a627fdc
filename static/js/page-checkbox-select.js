// Narrows down a long list of pages to tick; without this all of it is shown.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".bhp-ticked [data-narrow]")) narrow(box);
});

function narrow(box) {
  const list = box.closest(".bhp-ticked");
  const rows = [...list.querySelectorAll("li")];
  const said = list.querySelector("[role=status]");
  box.parentElement.hidden = false;
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits = row.textContent.toLowerCase().includes(wanted);
      // What is ticked stays in sight, so that nothing is sent unseen.
      row.hidden = !fits && !row.querySelector(":checked");
      shown += fits;
    }
    said.textContent = wanted && `${shown} found`;
  });
  box.addEventListener("keydown", (event) => {
    // Enter would save the page.
    if (event.key === "Enter") event.preventDefault();
  });
}
