// Starts the WASM module and brings the islands of this page to life.
// A file of its own, since pages carry no inline scripts.
const { module, wasm } = document.querySelector("script[data-module]").dataset;
const bindings = await import(module);
await bindings.default({ module_or_path: wasm });
bindings.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  await bindings[island.dataset.component]?.(island);
}
