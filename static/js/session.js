// Keeps what an editor has typed when their session ends: scripts' requests and forms wait until
// the editor has signed in again, in a dialog or in another window, and then go on.
// The markup is in templates/admin/session.html, the server's part in bhp_site/sign_in/.
{
  const PROBLEM = "Session-Problem";
  const STALE_TOKEN = "stale-token";
  const OTHER_USER = "other-user";
  const POLL_MILLISECONDS = 20_000;
  const WARNING_SECONDS = 10 * 60;
  const WARNING_POLL_MILLISECONDS = 2 * 60_000;
  const MAX_TRIES = 4;
  const MAX_AUTOSAVE_MILLISECONDS = 20_000;
  const MAX_ANSWER_MILLISECONDS = 60_000;

  const template = document.querySelector("template[data-session]");
  const { user, stateUrl, adminUrl, signInUrl, signOutUrl } = template.dataset;
  const acceptedUsers = new Set([user]);
  const nativeFetch = window.fetch.bind(window);
  const nativeSubmit = HTMLFormElement.prototype.submit;
  // The event with which each form is sent again after it was checked.
  const checkedForms = new WeakMap();
  // Forms that are being checked before they are sent.
  const leavingForms = new WeakSet();
  // While the editor is signed out: a promise for their return, and the function that keeps it.
  let absence = null;
  let dialog, note, status;
  let waitingForms = 0;

  // --- The state of the session -------------------------------------------------------------

  async function readState() {
    const response = await nativeFetch(stateUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`The session's state cannot be read: ${response.status}`);
    return response.json();
  }

  // Return null if the page's own user, or one whom the editor has agreed to, is signed in, and
  // the reason if not.
  async function findProblem() {
    const state = await readState();
    if (state.state === "signed-in" && acceptedUsers.has(state.user)) {
      renewToken(state.token);
      endAbsence(state);
      return null;
    }
    const problem = state.state === "signed-in" ? OTHER_USER : state.state;
    showReason(problem, state.name);
    return problem;
  }

  let currentUser = user;
  let token = null;

  // Signing in makes all earlier tokens invalid: those of forms and the one of Wagtail's scripts.
  function renewToken(value) {
    token = value;
    if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = value;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = value;
    }
  }

  function beginAbsence(reason) {
    if (absence) return absence;
    absence = {};
    absence.promise = new Promise((resolve) => {
      absence.resolve = resolve;
    });
    absence.timer = setInterval(() => findProblem().catch(() => {}), POLL_MILLISECONDS);
    build();
    showReason(reason);
    // The indicator beside the page's title must not say that something is being saved.
    document.querySelector("form[data-controller~=w-autosave]")?.dispatchEvent(
      new CustomEvent("w-autosave:error", {
        bubbles: true,
        detail: { text: "You have been signed out. Your changes are not being saved.", type: "signed_out" },
      }),
    );
    openDialog();
    return absence;
  }

  function endAbsence(state) {
    currentUser = state.user;
    if (!absence) return;
    clearInterval(absence.timer);
    absence.resolve();
    absence = null;
    note.hidden = true;
    if (dialog.open) dialog.close();
    const form = document.querySelector("form[data-controller~=w-autosave]");
    status.textContent =
      form || waitingForms
        ? "You are signed in again. Your changes are being saved."
        : "You are signed in again. You can save your changes now.";
    // What is about to be sent as a whole must not be saved at the same time.
    if (waitingForms) return;
    form?.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
  }

  // --- The dialog ---------------------------------------------------------------------------

  function build() {
    if (dialog) return;
    const parts = template.content.cloneNode(true);
    dialog = parts.querySelector("dialog");
    note = parts.querySelector("[data-note]");
    status = parts.querySelector("[data-status]");
    document.body.append(parts);
    const on = (selector, act) => document.querySelector(selector).addEventListener("click", act);
    // Wagtail's own dialogs listen to the whole page and would close behind this one.
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      frame().removeAttribute("src");
      note.hidden = !absence;
      dialog.dispatchEvent(new CustomEvent("session:closed"));
    });
    frame().addEventListener("load", () => {
      if (absence && frame().hasAttribute("src")) findProblem().catch(() => {});
    });
    on("[data-session-later]", () => dialog.close());
    on("[data-session-open]", openDialog);
    on("[data-session-accept]", accept);
    on("[data-session-switch]", switchUser);
  }

  const frame = () => dialog.querySelector("iframe");

  function showReason(reason, name = "") {
    if (!dialog) return;
    const isOther = reason === OTHER_USER;
    const title = dialog.querySelector("h2");
    title.dataset.title ||= title.textContent;
    let heading = title.dataset.title;
    for (const text of dialog.querySelectorAll("[data-reason]")) {
      text.hidden = text.dataset.reason !== reason;
      if (!text.hidden) heading = text.dataset.heading ?? heading;
    }
    title.textContent = heading;
    for (const place of dialog.querySelectorAll("[data-name]")) place.textContent = name;
    const wasOther = !dialog.querySelector("[data-choices]").hidden;
    dialog.querySelector("[data-choices]").hidden = !isOther;
    for (const part of dialog.querySelectorAll("iframe, [data-sign-in], [data-window]")) {
      part.hidden = isOther;
    }
    if (isOther !== wasOther && dialog.open) title.focus();
  }

  function openDialog() {
    build();
    if (dialog.open) return;
    note.hidden = true;
    frame().src = signInUrl;
    dialog.showModal();
    dialog.querySelector("h2").focus();
    // The reason may have changed while the dialog was closed.
    findProblem().catch(() => {});
  }

  async function accept() {
    const state = await readState();
    if (state.state === "signed-in") acceptedUsers.add(state.user);
    await findProblem();
  }

  async function switchUser() {
    const { token } = await readState();
    await nativeFetch(signOutUrl, { method: "POST", headers: { "X-CSRFToken": token } });
    showReason("signed-out");
    frame().src = signInUrl;
    frame().focus();
  }

  // Resolve with true once the editor is signed in, with false if they close the dialog.
  async function askToSignIn(reason) {
    const { promise } = beginAbsence(reason);
    openDialog();
    const closed = new Promise((resolve) => {
      dialog.addEventListener("session:closed", () => resolve(false), { once: true });
    });
    return Promise.race([promise.then(() => true), closed]);
  }

  for (const event of ["focus", "pageshow"]) {
    window.addEventListener(event, () => {
      if (absence) findProblem().catch(() => {});
    });
  }

  // --- The warning before a session ends ----------------------------------------------------

  let isWarned = false;

  async function warn() {
    if (absence) return;
    const { state, secondsLeft } = await readState();
    const isEnding = state === "signed-in" && secondsLeft > 0 && secondsLeft <= WARNING_SECONDS;
    if (isEnding && !isWarned) {
      const minutes = Math.max(1, Math.round(secondsLeft / 60));
      document.dispatchEvent(
        new CustomEvent("w-messages:add", {
          detail: {
            type: "warning",
            text: `Your session ends in ${minutes} minute${minutes === 1 ? "" : "s"}. Save your work. You can then sign in again without losing what you typed.`,
          },
        }),
      );
    }
    isWarned = isEnding;
  }

  setInterval(() => warn().catch(() => {}), WARNING_POLL_MILLISECONDS);

  // --- Requests of scripts ------------------------------------------------------------------

  const isAdmin = (url) => {
    const address = new URL(url, location.href);
    return address.origin === location.origin && address.pathname.startsWith(adminUrl);
  };

  // Return the same data with the token that is valid now.
  function withToken(data) {
    if (token === null) return data;
    if (data instanceof FormData || data instanceof URLSearchParams) {
      if (data.has("csrfmiddlewaretoken")) data.set("csrfmiddlewaretoken", token);
    } else if (typeof data === "string") {
      return data.replace(/(^|&)csrfmiddlewaretoken=[^&]*/, `$1csrfmiddlewaretoken=${token}`);
    }
    return data;
  }

  function withHeaders(given) {
    const headers = new Headers(given);
    headers.set("Page-User", currentUser);
    if (token !== null && headers.has("X-CSRFToken")) headers.set("X-CSRFToken", token);
    return headers;
  }

  // Return once a request that met `problem` can be sent again.
  async function recover(problem) {
    const found = problem === STALE_TOKEN ? await findProblem() : problem;
    if (found !== null) await beginAbsence(found).promise;
  }

  const untilAborted = (signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });

  window.fetch = async (input, init = {}) => {
    // A Request can be sent only once; nothing in the admin uses one.
    if (input instanceof Request || !isAdmin(input)) return nativeFetch(input, init);
    for (let tries = 1; ; tries += 1) {
      // Nothing is asked while the answer is known: the ping of an open editor never ends.
      if (absence) await Promise.race([absence.promise, untilAborted(init.signal)]);
      const response = await nativeFetch(input, {
        ...init,
        body: withToken(init.body),
        headers: withHeaders(init.headers),
      });
      const problem = response.headers.get(PROBLEM);
      if (!problem || tries === MAX_TRIES) return response;
      await Promise.race([recover(problem), untilAborted(init.signal)]);
    }
  };

  // Choosers and uploads use jQuery: the promise they hold is that of the last try.
  window.jQuery?.ajaxPrefilter((options, original, request) => {
    if (!isAdmin(options.url)) return;
    options.headers = { ...options.headers, "Page-User": currentUser };
    if (token !== null) options.headers["X-CSRFToken"] = token;
    options.data = withToken(options.data);
    const tries = original.sessionTries ?? 1;
    const last = jQuery.Deferred();
    request.done((...answer) => last.resolveWith(request, answer));
    request.fail((...answer) => {
      const problem = request.getResponseHeader(PROBLEM);
      if (!problem || tries === MAX_TRIES) {
        last.rejectWith(request, answer);
        return;
      }
      if (absence) openDialog();
      recover(problem)
        .then(() => {
          const data = withToken(original.data);
          const again = { ...original, data, sessionTries: tries + 1 };
          // These have been added to the promise that is still waiting.
          for (const name of ["success", "error", "complete"]) delete again[name];
          jQuery.ajax(again).then(
            (...done) => last.resolveWith(request, done),
            (...failed) => last.rejectWith(request, failed),
          );
        })
        .catch(() => last.rejectWith(request, answer));
    });
    last.promise(request);
  });

  // --- Forms that leave the page ------------------------------------------------------------

  const isChecked = (form) =>
    form.getAttribute("method")?.toLowerCase() === "post" &&
    isAdmin(form.getAttribute("action") || location.href) &&
    // Forms in a chooser are sent by scripts.
    !form.closest(".modal, dialog");

  async function mayLeave() {
    let problem;
    try {
      problem = await findProblem();
    } catch {
      // The site does not answer: leaving the page now would lose what was typed.
      document.dispatchEvent(
        new CustomEvent("w-messages:add", {
          detail: {
            clear: true,
            type: "error",
            text: "Nothing was saved, because the site does not answer. Your changes are still here. Check your connection and try again.",
          },
        }),
      );
      return false;
    }
    if (problem === null) return true;
    waitingForms += 1;
    try {
      return await askToSignIn(problem);
    } finally {
      waitingForms -= 1;
    }
  }

  // The autosave that is on its way, until it has succeeded or failed.
  let autosave = null;
  document.addEventListener("w-autosave:save", ({ target: form }) => {
    autosave = new Promise((resolve) => {
      for (const end of ["w-autosave:success", "w-autosave:error"]) {
        form.addEventListener(end, resolve, { once: true });
      }
    });
  });

  // The timer that ends the pause of autosave, by form, while there is a pause.
  const pauseTimers = new WeakMap();

  // Sent at the same time, the form and an autosave would each create a new page, or the later one
  // would be refused because the other has changed the page. So autosave pauses while the site
  // answers the form. Returns a function that ends the pause.
  async function pauseAutosave(form) {
    const isActive = form.matches("[data-controller~=w-autosave]") && form.dataset.wAutosaveActiveValue !== "false";
    if (!isActive && !pauseTimers.has(form)) return () => {};
    // The pause of a form that was sent before ends with this one.
    clearTimeout(pauseTimers.get(form));
    form.dataset.wAutosaveActiveValue = "false";
    const resume = () => {
      clearTimeout(pauseTimers.get(form));
      pauseTimers.delete(form);
      form.dataset.wAutosaveActiveValue = "true";
    };
    const timeout = new Promise((resolve) => {
      setTimeout(resolve, MAX_AUTOSAVE_MILLISECONDS);
    });
    await Promise.race([autosave, timeout]);
    // For an editor who stops the request and stays on the page.
    pauseTimers.set(form, setTimeout(resume, MAX_ANSWER_MILLISECONDS));
    return resume;
  }

  function release(button) {
    const progress = button?.closest("[data-controller~=w-progress]");
    progress?.setAttribute("data-w-progress-loading-value", "false");
  }

  window.addEventListener(
    "submit",
    async (event) => {
      const { target: form, submitter } = event;
      if (!isChecked(form)) return;
      if (checkedForms.has(form)) {
        checkedForms.set(form, event);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      // A second click, while the first is being checked, would send the form twice.
      if (leavingForms.has(form)) return;
      leavingForms.add(form);
      if (!(await mayLeave())) {
        leavingForms.delete(form);
        release(submitter);
        return;
      }
      const resumeAutosave = await pauseAutosave(form);
      checkedForms.set(form, null);
      // A disabled button would not be sent: Wagtail disables it while the form is being sent.
      const wasDisabled = submitter?.disabled;
      if (submitter) submitter.disabled = false;
      form.requestSubmit(submitter);
      if (submitter) submitter.disabled = wasDisabled;
      // Another script has stopped the form, for example to ask first, or the browser has, because
      // a field is not valid.
      const sent = checkedForms.get(form);
      if (!sent || sent.defaultPrevented) resumeAutosave();
      checkedForms.delete(form);
      leavingForms.delete(form);
    },
    { capture: true },
  );

  // Wagtail's workflow buttons send forms without an event.
  HTMLFormElement.prototype.submit = function submit() {
    if (!isChecked(this)) {
      nativeSubmit.call(this);
      return;
    }
    mayLeave().then(async (may) => {
      if (!may) return;
      await pauseAutosave(this);
      nativeSubmit.call(this);
    });
  };
}
