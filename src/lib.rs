//! The browser's entry: brings the islands to life.
#![cfg(target_arch = "wasm32")]
// Without this mention the linker drops every island.
use gazette_app as _;

/// Readies the module; the islands are then called one by one by `islands.js`.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
