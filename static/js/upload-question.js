// The document chooser's step “upload_question”: the upload is there already, or hard to use.
// The question stands in the upload form, in place of its fields, and is answered by sending it.
const steps = window.DOCUMENT_CHOOSER_MODAL_ONLOAD_HANDLERS ?? {};

steps.upload_question = (modal, { htmlFragment }) => {
  const form = modal.body[0].querySelector("form[data-chooser-modal-creation-form]");
  const fields = form.querySelector(".fields");
  const file = form.querySelector("input[type=file]");
  fields.insertAdjacentHTML("afterend", htmlFragment);
  const question = fields.nextElementSibling;
  const ask = (asked) => {
    fields.hidden = asked;
    // The bytes have been sent; they need not be sent again.
    file.disabled = asked;
  };
  const forget = () =>
    fetch(question.dataset.forget, { method: "POST", body: new FormData(form) });

  question.addEventListener("click", (event) => {
    const link = event.target.closest("[data-use]");
    if (link) {
      event.preventDefault();
      forget();
      modal.loadUrl(link.href);
    } else if (event.target.closest("[data-another]")) {
      forget();
      question.remove();
      ask(false);
      form.querySelector("[data-w-progress-loading-value]")?.removeAttribute("data-w-progress-loading-value");
      file.value = "";
      file.focus();
    }
  });
  ask(true);
  question.querySelector("h2").focus();
};
