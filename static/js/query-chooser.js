// The button with which a promoted search result takes a search that visitors have made.
// Wagtail's own template has this as an inline script.
function createQueryChooser(id, url) {
  document.getElementById(`${id}-chooser`).addEventListener("click", () => {
    ModalWorkflow({
      url,
      onload: QUERY_CHOOSER_MODAL_ONLOAD_HANDLERS,
      responses: {
        queryChosen: (query) => {
          document.getElementById(id).value = query.querystring;
        },
      },
    });
  });
}
