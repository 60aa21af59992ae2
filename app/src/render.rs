//! Rendering of a page to HTML text.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::frame::Frame;
use crate::page::Page;

/// Renders a whole HTML document.
pub fn render(frame: &Frame, page: Page) -> String {
    let context = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(context));
    owner.with(|| {
        // Leptos writes the island markers only while it is not hydrating.
        if let Some(context) = Owner::current_shared_context() {
            context.set_is_hydrating(false);
        }
        let document = crate::document::document(frame, page);
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}
