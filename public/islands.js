// Loads the WASM module and hydrates the islands of the page.
// A separate file, because the content security policy forbids inline scripts.
const { module, wasm } = document.querySelector("script[data-module]").dataset;
const bindings = await import(module);
await bindings.default({ module_or_path: wasm });
bindings.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  await bindings[island.dataset.component]?.(island);
}
