// One button for what can be copied by hand without it; made here, because it needs this script.
for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Copy this quote";
  const told = document.createElement("span");
  told.role = "status";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(place.querySelector("pre").textContent);
      told.textContent = "Copied";
    } catch {
      // Not allowed, or no secure connection.
      place.querySelector("details").open = true;
      told.textContent = "Select the words below and copy them";
    }
  });
  place.prepend(button, told);
}
