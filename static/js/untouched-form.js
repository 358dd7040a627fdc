// In the first seconds scripts of a form rewrite its fields: a rich text editor stores its text in
// another notation. On a slow computer Wagtail takes that for a change by the editor and saves a
// draft of a page that was only opened. Until somebody has done something, nothing has changed.
(() => {
  const GESTURES = ["keydown", "pointerdown", "input", "drop", "paste"];
  let isTouched = false;
  const touch = ({ target }) => {
    if (target.type === "hidden") return;
    isTouched = true;
    for (const gesture of GESTURES) document.removeEventListener(gesture, touch, true);
  };
  for (const gesture of GESTURES) document.addEventListener(gesture, touch, true);
  document.addEventListener(
    "w-unsaved:add",
    (event) => {
      const form = event.target;
      // A form that came back with errors holds changes that were not saved.
      if (isTouched || form.dataset.wUnsavedForceValue === "true") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved").clear();
    },
    true,
  );
})();
