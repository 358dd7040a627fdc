// Shows a quotation as visitors will see it, below the field in which it is typed. The server
// renders it, so there is one set of rules for the preview and the published page.
const DEBOUNCE_MS = 300;
const BLOCK_FIELDS = ["words", "speaker", "role", "organisation", "name", "confirmation"];

class QuotationPreview extends HTMLElement {
  connectedCallback() {
    this.words = this.parentElement.querySelector("textarea");
    this.form = this.closest("form");
    if (!this.words?.name.endsWith("words") || !this.form) return;
    this.namePrefix = this.words.name.slice(0, -"words".length);
    this.preview = this.querySelector(".quotation-input__preview");
    this.issues = this.querySelector(".quotation-input__issues");
    this.confirm = this.querySelector(".quotation-input__confirm");
    this.checkbox = this.confirm.querySelector("input");
    this.signOff = this.querySelector(".quotation-input__sign-off");
    this.events = new AbortController();
    const { signal } = this.events;
    for (const type of ["input", "change"]) {
      this.form.addEventListener(type, (event) => this.schedule(event.target), { signal });
    }
    this.checkbox.addEventListener("change", () => this.saveConfirmation(), { signal });
    // The editor's script fills in the field after it has inserted it.
    this.schedule(this.words, 0);
  }

  disconnectedCallback() {
    this.events?.abort();
    this.request?.abort();
    clearTimeout(this.timer);
  }

  field(name) {
    return this.form.elements.namedItem(this.namePrefix + name);
  }

  schedule(target, delay = DEBOUNCE_MS) {
    const isOurs = BLOCK_FIELDS.some((name) => target.name === this.namePrefix + name);
    if (!isOurs && target.name !== "date") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), delay);
  }

  async update() {
    const data = new FormData();
    for (const name of BLOCK_FIELDS) data.set(name, this.field(name)?.value ?? "");
    data.set("date", this.form.elements.namedItem("date")?.value ?? "");
    data.set("csrfmiddlewaretoken", this.form.elements.namedItem("csrfmiddlewaretoken")?.value ?? "");
    this.request?.abort();
    this.request = new AbortController();
    try {
      const response = await fetch(this.dataset.url, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        signal: this.request.signal,
      });
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      this.show(await response.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.show({ error: "The preview is not available at the moment. Your text is not affected." });
    }
  }

  show({ quotation = "", issues = "", mustConfirm = false, isConfirmed = false, fingerprint = "", error = "" }) {
    this.hidden = false;
    this.showSignOff();
    this.preview.innerHTML = quotation;
    if (error) this.issues.textContent = error;
    // Unchanged text is not announced again.
    else if (this.issues.innerHTML.trim() !== issues.trim()) this.issues.innerHTML = issues;
    this.fingerprint = fingerprint;
    this.checkbox.checked = mustConfirm && isConfirmed;
    this.confirm.hidden = !mustConfirm;
  }

  // Leads to the sign-offs of the page, with this quotation chosen. A page that was never saved has
  // no such screen.
  showSignOff() {
    const page = this.form.action.match(/\/pages\/(\d+)\/edit\//)?.[1];
    const block = this.form.elements.namedItem(this.namePrefix.replace(/value-$/, "id"))?.value;
    this.signOff.hidden = !page || !block || !this.words.value.trim();
    if (this.signOff.hidden) return;
    this.signOff.href = `${this.dataset.signOffsUrl.replace("/0/", `/${page}/`)}?subject=${block}`;
  }

  saveConfirmation() {
    const field = this.field("confirmation");
    if (!field) return;
    field.value = this.checkbox.checked ? this.fingerprint : "";
    // Autosave and the warning about unsaved changes listen to this.
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
customElements.define("quotation-preview", QuotationPreview);
