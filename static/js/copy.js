// One button for what can be copied by hand without it; made here, because it needs this script.
for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary";
  button.textContent = "Copy";
  button.ariaLabel = place.dataset.copy || "Copy this quote";
  const words = place.querySelector("pre, [data-words]");
  const told = document.createElement("span");
  told.role = "status";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent);
      told.textContent = "Copied";
    } catch {
      // Not allowed, or no secure connection.
      place.querySelector("details")?.setAttribute("open", "");
      getSelection().selectAllChildren(words);
      told.textContent = "The text is selected. Copy it now.";
    }
  });
  words.closest("details, p").after(button, told);
}
