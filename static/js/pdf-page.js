// Shows the page of the PDF that a chapter begins on beside the fields of the chapter.
class PdfPage extends HTMLElement {
  connectedCallback() {
    const pdf = document.querySelector("[data-pdf-pages]")?.dataset;
    // It is connected again whenever the chapter is moved.
    if (!pdf || this.firstChild) return;
    this.pdf = pdf;
    this.hidden = false;
    this.image = this.make("img", { loading: "lazy" });
    const buttons = this.make("p");
    this.previous = this.button(buttons, "Previous page", -1);
    this.next = this.button(buttons, "Next page", 1);
    this.status = buttons.appendChild(document.createElement("span"));
    this.status.role = "status";
    this.link = this.make("a", { target: "_blank", textContent: "Open the PDF here" });
    const field = this.closest("[data-inline-panel-child]").querySelector("input[name$='-page']");
    field.addEventListener("change", () => this.show(Number(field.value)));
    this.show(Number(field.value));
  }

  make(tag, properties = {}) {
    return this.appendChild(Object.assign(document.createElement(tag), properties));
  }

  button(parent, label, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = label;
    button.addEventListener("click", () => this.show(this.number + step));
    return parent.appendChild(button);
  }

  show(number) {
    const last = Number(this.pdf.pdfPages);
    this.number = Math.min(Math.max(number || 1, 1), last);
    this.image.src = this.pdf.pdfPicture.replace("/0.png", `/${this.number}.png`);
    this.image.alt = `Page ${this.number} of the PDF`;
    this.status.textContent = `Page ${this.number} of ${last}`;
    this.link.href = `${this.pdf.pdf}#page=${this.number}`;
    // Not `disabled`: the button must keep the focus of a keyboard user at either end.
    this.previous.setAttribute("aria-disabled", this.number === 1);
    this.next.setAttribute("aria-disabled", this.number === last);
  }
}
customElements.define("pdf-page", PdfPage);
