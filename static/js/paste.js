// Cleans what is pasted from a word processor before the rich text editor gets it, and turns its
// headings and tables into blocks. The server reads the HTML: see bhp_site/pasting/.
if (!window.bhpPaste) {
  // The streams of blocks on this page, as Wagtail's script keeps them.
  const streams = new Set();
  const cleanEvents = new WeakSet();
  window.bhpPaste = { streams };

  const definitions = window.wagtailStreamField?.blocks;
  if (definitions) {
    class PasteStream extends definitions.StreamBlockDefinition {
      render(...given) {
        const stream = super.render(...given);
        streams.add(stream);
        return stream;
      }
    }
    window.telepath.register("bhp.PasteStream", PasteStream);
  }

  // Return the innermost stream around an element and the number of the element's block in it.
  function findPlace(element) {
    let place = null;
    for (const stream of streams) {
      const index = stream.children.findIndex((child) => child.element.contains(element));
      const child = stream.children[index];
      if (child && (!place || place.stream.children[place.index].element.contains(child.element))) {
        place = { stream, index };
      }
    }
    return place;
  }

  function tell(text, type = "warning") {
    document.dispatchEvent(
      new CustomEvent("w-messages:add", { detail: { clear: true, text, type } }),
    );
  }

  // Hand text to the editor as if it had been on the clipboard like this.
  function pasteInto(content, { html, text }) {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
    cleanEvents.add(event);
    content.dispatchEvent(event);
  }

  const toText = (html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    return [...parsed.body.children].map((part) => part.textContent).join("\n\n");
  };

  // Return true if text stands behind the cursor, which will not move behind what is inserted.
  function hasTextBehind(content) {
    const selection = getSelection();
    if (!selection.rangeCount || !content.contains(selection.focusNode)) return false;
    const rest = document.createRange();
    rest.selectNodeContents(content);
    const { endContainer, endOffset } = selection.getRangeAt(0);
    rest.setStart(endContainer, endOffset);
    return rest.toString().trim() !== "";
  }

  // Return the HTML as browsers understand it, with every tag closed. Images are left out anyway,
  // and their data is most of what a clipboard holds.
  function normalise(html) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    for (const image of body.querySelectorAll("[src^='data:']")) image.removeAttribute("src");
    return body.innerHTML;
  }

  async function read(html, place) {
    const kinds = Object.keys(place?.stream.blockDef.childBlockDefsByName ?? {});
    const body = new FormData();
    body.append("html", normalise(html));
    for (const kind of kinds) body.append("kinds", kind);
    const { adminUrl } = document.querySelector("template[data-session]").dataset;
    const response = await fetch(`${adminUrl}pasted/`, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": window.wagtailConfig.CSRF_TOKEN },
    });
    if (!response.ok) throw new Error(`Pasting failed: ${response.status}`);
    return response.json();
  }

  function insertParts(parts, place, content) {
    const { stream } = place;
    const isEmpty = content.textContent.trim() === "";
    const behind = hasTextBehind(content);
    let { index } = place;
    const rest = [...parts];
    if (rest[0].html) {
      const { html } = rest.shift();
      pasteInto(content, { html, text: toText(html) });
    } else if (isEmpty) {
      // The empty block that was pasted into would be refused on saving.
      stream.deleteBlock(index);
      index -= 1;
    }
    for (const { type, value } of rest) {
      index += 1;
      stream.insert({ type, value, id: crypto.randomUUID() }, index);
    }
    stream.children[index]?.focus?.({ soft: true });
    return behind && rest.length
      ? " Text after the place where you pasted is now before the first new block. Check the order."
      : "";
  }

  async function paste(content, html, text) {
    let answer;
    const place = findPlace(content);
    try {
      answer = await read(html, place);
    } catch {
      pasteInto(content, { text });
      tell("The site could not read the formatting, so the text was pasted without it.", "error");
      return;
    }
    const { parts, note } = answer;
    let hint = "";
    if (parts.length === 1 && parts[0].html) {
      pasteInto(content, { html: parts[0].html, text: toText(parts[0].html) });
    } else if (parts.length && place) {
      hint = insertParts(parts, place, content);
    } else if (parts.length) {
      const all = parts.map((part) => part.html ?? "").join("");
      pasteInto(content, { html: all, text: toText(all) });
    } else {
      hint = " There was no text to paste.";
    }
    if (note || hint) tell(`Pasted. ${note}${hint}`);
  }

  // Before the editor: React listens at the document's root.
  window.addEventListener(
    "paste",
    (event) => {
      if (cleanEvents.has(event) || !(event.target instanceof Element)) return;
      const content = event.target.closest("[data-draftail-editor]")?.querySelector("[contenteditable=true]");
      const html = event.clipboardData?.getData("text/html");
      // What was copied in this editor keeps its links to pages and documents.
      if (!content || !html || html.includes("data-draftjs-conductor-fragment")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      paste(content, html, event.clipboardData.getData("text/plain"));
    },
    { capture: true },
  );
}
