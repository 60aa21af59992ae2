//! Entry point of the browser module: hydrates the islands.
#![cfg(target_arch = "wasm32")]
// Without this import the linker drops every island.
use gazette_app as _;

/// Prepares hydration; `islands.js` then calls each island.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
