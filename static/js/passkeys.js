// Signs in with a passkey, or adds one (WebAuthn). A form with data-passkey stays hidden where the
// browser cannot do it; its button asks the browser for a credential, which the form then sends.
const isSupported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function askBrowser({ passkey, options }) {
  const response = await fetch(options, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`No options: ${response.status}`);
  const { publicKey } = await response.json();
  return passkey === "add"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = !isSupported;
for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = isSupported;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = form.querySelector("[role=status]");
    status.textContent = "";
    try {
      const credential = await askBrowser(form.dataset);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      status.textContent = "No passkey was used. Try again, or choose another way.";
    }
  });
}
