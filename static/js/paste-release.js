// Sends what was pasted with its formatting too, as long as the text is not changed afterwards.
(() => {
  const MAX_HTML_CHARACTERS = 1_000_000;
  const area = document.querySelector("[data-paste-html]");
  const html = document.getElementById(area?.dataset.pasteHtml);
  const status = document.querySelector(".bhp-release__pasted");
  if (!area || !html || !status) return;
  let isPasting = false;

  const keep = (value) => {
    html.value = value;
    status.hidden = !value;
  };

  area.addEventListener("paste", (event) => {
    const isWhole = area.selectionStart === 0 && area.selectionEnd === area.value.length;
    const pasted = event.clipboardData?.getData("text/html") ?? "";
    isPasting = true;
    // Text that is added to other text has no formatting to go with it.
    keep(isWhole && pasted.length <= MAX_HTML_CHARACTERS ? pasted : "");
  });
  area.addEventListener("input", () => {
    if (!isPasting) keep("");
    isPasting = false;
  });

  // The admin's pages are never cached, so a browser that goes back would show an empty form.
  area.form.addEventListener("submit", () => {
    try {
      history.replaceState({ text: area.value, html: html.value }, "");
    } catch {
      // The text is too long for the browser's history. The review has it.
    }
  });
  // Some browsers restore the text by themselves, but not what belongs to it.
  if (history.state?.text && (!area.value || area.value === history.state.text)) {
    area.value = history.state.text;
    html.value = history.state.html;
  }
  status.hidden = !html.value;
})();
