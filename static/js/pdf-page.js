// The page of the PDF that a chapter begins on, beside its fields; it can be leafed through.
class PdfPage extends HTMLElement {
  connectedCallback() {
    const pdf = document.querySelector("[data-pdf-pages]")?.dataset;
    // It is connected again whenever the chapter is moved.
    if (!pdf || this.firstChild) return;
    this.pdf = pdf;
    this.hidden = false;
    this.image = this.make("img", { loading: "lazy" });
    const ways = this.make("p");
    this.back = this.button(ways, "Previous page", -1);
    this.forth = this.button(ways, "Next page", 1);
    this.told = ways.appendChild(document.createElement("span"));
    this.told.role = "status";
    this.link = this.make("a", { target: "_blank", textContent: "Open the PDF here" });
    const field = this.closest("[data-inline-panel-child]").querySelector("input[name$='-page']");
    field.addEventListener("change", () => this.show(Number(field.value)));
    this.show(Number(field.value));
  }

  make(tag, properties = {}) {
    return this.appendChild(Object.assign(document.createElement(tag), properties));
  }

  button(place, words, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = words;
    button.addEventListener("click", () => this.show(this.number + step));
    return place.appendChild(button);
  }

  show(number) {
    const last = Number(this.pdf.pdfPages);
    this.number = Math.min(Math.max(number || 1, 1), last);
    this.image.src = this.pdf.pdfPicture.replace("/0.png", `/${this.number}.png`);
    this.image.alt = `Page ${this.number} of the PDF`;
    this.told.textContent = `Page ${this.number} of ${last}`;
    this.link.href = `${this.pdf.pdf}#page=${this.number}`;
    // Still focusable at either end: whoever leafs by keyboard keeps the place.
    this.back.setAttribute("aria-disabled", this.number === 1);
    this.forth.setAttribute("aria-disabled", this.number === last);
  }
}
customElements.define("pdf-page", PdfPage);
