// Shows how far the drafting of an edition has come, and goes to the report when it is finished.
const POLL_MILLISECONDS = 2000;

const box = document.querySelector("[data-drafting-progress]");
const text = box?.querySelector("[data-drafting-text]");
const bar = box?.querySelector("progress");

async function poll() {
  try {
    const response = await fetch(box.dataset.draftingProgress, { redirect: "error" });
    if (!response.ok) throw new Error(response.status);
    const progress = await response.json();
    if (progress.result) {
      window.location.assign(progress.result);
      return;
    }
    // Screen readers read out what changes, and nothing that stays the same.
    if (text.textContent !== progress.text) text.textContent = progress.text;
    if (progress.max) {
      bar.max = progress.max;
      bar.value = progress.value;
    }
  } catch {
    text.textContent = "The site does not answer. Choose “Check again” in a moment.";
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

if (box) setTimeout(poll, POLL_MILLISECONDS);
