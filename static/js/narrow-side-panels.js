// Wagtail opens the side panel that was open last. On a narrow screen it would push the form out of
// view before anybody has read it, so none opens by itself there.
if (matchMedia("(max-width: 49.99em)").matches) {
  try {
    localStorage.removeItem("wagtail:side-panel-open");
  } catch {
    // Without storage, nothing opens by itself.
  }
}
