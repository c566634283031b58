// The SPARQL editor (Yasgui) in place of the plain form: our own prefixes and completion, nothing from another host.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const box = document.getElementById("editor");
  const form = document.getElementById("plain");
  const Yasgui = window.Yasgui;
  const { Yasqe } = Yasgui;
  const endpoint = new URL(box.dataset.endpoint, location.href).href;
  const prefixes = JSON.parse(box.dataset.prefixes);
  const query = form.querySelector("textarea").value.trim();

  const terms = await (await fetch(box.dataset.ontology)).json();
  const iris = (groups) => groups.flatMap((group) => (terms.terms[group] ?? []).map((term) => term.iri));
  const own = { bulk: true, persistenceId: undefined, autoShow: false };
  const written = Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  Yasqe.forkAutocompleter("prefixes", { ...own, autoShow: true, name: "own-prefixes", get: async () => written });
  Yasqe.forkAutocompleter("class", { ...own, name: "own-classes", get: async () => iris(["classes"]) });
  Yasqe.forkAutocompleter("property", {
    ...own, name: "own-properties", get: async () => iris(["object-properties", "datatype-properties", "annotation-properties"]),
  });
  Yasqe.defaults.autocompleters = ["own-prefixes", "own-classes", "own-properties", "variables"];
  const start = Object.entries(prefixes).slice(0, 3).map(([prefix, namespace]) => `PREFIX ${prefix}: <${namespace}>`);

  const declared = (text) => {
    const used = Object.entries(prefixes).filter(([prefix]) =>
      new RegExp(`(^|[^\\w:<])${prefix}:`).test(text) && !new RegExp(`prefix\\s+${prefix}:`, "i").test(text));
    const lines = used.map(([prefix, namespace]) => `PREFIX ${prefix}: <${namespace}>`);
    return lines.length ? `${lines.join("\n")}\n\n${text}` : text;
  };
  Yasgui.defaults.yasqe.value = start.join("\n");
  Yasgui.Yasr.defaults.prefixes = prefixes;
  window.addViews(Yasgui.Yasr);

  box.hidden = false;
  form.hidden = true;
  const editor = new Yasgui(box, {
    requestConfig: { endpoint, method: "POST", headers: {} },
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: ["endpoint"] },
    populateFromUrl: false,
    autofocus: false,
    persistenceId: "factline",
    yasqe: { value: declared(query), createShareableLink: null, showQueryButton: true, resizeable: true },
  });
  const ask = (name, text) => {
    const tab = editor.addTab(true, { ...Yasgui.Tab.getDefaults(), name, requestConfig: { ...editor.config.requestConfig } });
    tab.setQuery(declared(text));
    tab.setEndpoint(endpoint);
  };
  if (new URLSearchParams(location.search).has("query")) ask(box.dataset.asked, query);
  else if (editor.getTab()) editor.getTab().setEndpoint(endpoint);

  for (const link of document.querySelectorAll("#examples-list a[href*='query=']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      ask(link.textContent, new URL(link.href).searchParams.get("query"));
      box.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    });
  }

  // The parts of the editor that screen readers meet without a name.
  const named = (selector, name) => box.querySelectorAll(selector).forEach((part) => part.setAttribute("aria-label", name));
  const name = () => {
    named(".CodeMirror textarea", box.dataset.label);
    named(".tableSizer", box.dataset.rows);
    named(".tableFilter", box.dataset.filter);
    named("input.autocomplete", box.dataset.address);
    box.querySelectorAll(".CodeMirror-scroll").forEach((part) => part.setAttribute("tabindex", "0")); // scrolled by keys
    // Beside its tabs the list has a button for one more, which a list of tabs may not hold.
    for (const list of box.querySelectorAll("[role=tablist]")) {
      if ([...list.children].some((part) => !part.matches("[role=tab]") && !part.querySelector("[role=tab]"))) list.removeAttribute("role");
    }
    for (const tab of box.querySelectorAll("[role=tab]:not([role=tablist] [role=tab])")) {
      tab.setAttribute("role", "button");
      tab.removeAttribute("aria-selected");
    }
  };
  name();
  for (const moment of ["tabAdd", "tabSelect", "queryResponse"]) editor.on(moment, () => setTimeout(name));
  box.dataset.ready = "yes";
});
