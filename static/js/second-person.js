// After a change, the buttons of the editor say that a second person or a reason is needed. The
// server decides; this only tells it before a button is pressed.
const element = document.querySelector("[data-second-person]");

function requireReason() {
  for (const button of document.querySelectorAll('button[name="action-publish"]')) {
    if (button.value === "action-publish" && !button.closest("[data-controller~='w-dialog']")) {
      button.hidden = true;
    }
  }
  element.hidden = false;
  for (const button of document.querySelectorAll('[data-workflow-action-name="approve"]')) {
    const label = button.lastChild;
    if (element.dataset.suffix && !label.textContent.includes(element.dataset.suffix)) {
      label.textContent = label.textContent.trimEnd() + element.dataset.suffix;
    }
  }
}

if (element) {
  document.addEventListener("w-unsaved:add", (event) => {
    if (event.detail?.type !== "comments") requireReason();
  });
}
