// Sets up the widgets and inline panels of Wagtail's forms, now and whenever a form is added.
// Wagtail's templates do so with inline scripts, which the content security policy forbids; ours
// have an element with the name of the function and its arguments as JSON instead. See
// bhp_site/core/admin/widget_init.py.
{
  // Markup may call nothing else.
  const ALLOWED = /^(?:init(?:Date|DateTime)Chooser|create(?:Task|Query)Chooser|InlinePanel|[A-Z]\w*Chooser|Chooser)$/;
  const SELECTOR = "template[data-widget-init]";
  const loadedScripts = new Set();
  let loading = Promise.resolve();

  function call(name, values) {
    if (/^[A-Z]/.test(name)) new window[name](...values);
    else window[name](...values);
  }

  function initialise(element) {
    const { widgetInit: name, widgetArguments } = element.dataset;
    // A form that is moved up or down is not set up again.
    element.remove();
    if (!ALLOWED.test(name)) throw new Error(`No such widget: ${name}`);
    const values = JSON.parse(widgetArguments);
    if (name in window) call(name, values);
    else loading.then(() => call(name, values));
  }

  // A widget that fails stops no other.
  function tryToInitialise(element) {
    try {
      initialise(element);
    } catch (error) {
      reportError(error);
    }
  }

  function initialiseAll(node) {
    // One that was added with its parent has been initialised, and removed, with it.
    if (node.nodeType !== Node.ELEMENT_NODE || !node.isConnected) return;
    if (node.matches(SELECTOR)) tryToInitialise(node);
    else node.querySelectorAll(SELECTOR).forEach(tryToInitialise);
  }

  // While the page is parsed this is called for each part of it, like an inline script.
  new MutationObserver((records) => {
    for (const { addedNodes } of records) addedNodes.forEach(initialiseAll);
  }).observe(document, { childList: true, subtree: true });

  // jQuery runs the scripts of HTML that it inserts, such as the form of a chooser, as inline
  // scripts. Files are loaded as files instead, and only once.
  jQuery._evalUrl = (url) => {
    const { href } = new URL(url, document.baseURI);
    // One of them is in the HTML that jQuery has just inserted.
    const count = [...document.scripts].filter((script) => script.src === href).length;
    if (loadedScripts.has(href) || count > 1) return;
    loadedScripts.add(href);
    const script = document.createElement("script");
    const finished = new Promise((resolve) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", resolve);
    });
    loading = Promise.all([loading, finished]);
    script.async = false;
    script.src = url;
    document.head.append(script);
  };
}
