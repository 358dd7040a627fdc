// The document chooser's step “upload_question”: it confirms the title and address of an upload.
// The question replaces the fields of the upload form and is answered by submitting the form.
const steps = window.DOCUMENT_CHOOSER_MODAL_ONLOAD_HANDLERS ?? {};

steps.upload_question = (modal, { htmlFragment }) => {
  const form = modal.body[0].querySelector("form[data-chooser-modal-creation-form]");
  const fields = form.querySelector(".fields");
  const file = form.querySelector("input[type=file]");
  fields.insertAdjacentHTML("afterend", htmlFragment);
  const question = fields.nextElementSibling;
  const showQuestion = (isShown) => {
    fields.hidden = isShown;
    // The bytes have been sent; they need not be sent again.
    file.disabled = isShown;
  };
  const discardUpload = () =>
    fetch(question.dataset.discardUrl, { method: "POST", body: new FormData(form) });

  question.addEventListener("click", (event) => {
    const link = event.target.closest("[data-use-existing]");
    if (link) {
      event.preventDefault();
      discardUpload();
      modal.loadUrl(link.href);
    } else if (event.target.closest("[data-choose-another]")) {
      discardUpload();
      question.remove();
      showQuestion(false);
      form.querySelector("[data-w-progress-loading-value]")?.removeAttribute("data-w-progress-loading-value");
      file.value = "";
      file.focus();
    }
  });
  showQuestion(true);
  question.querySelector("h2").focus();
};
