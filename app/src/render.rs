//! Rendering of a page to HTML text.

use std::sync::Arc;

use gazette_domain::Story;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::document::{document, island_script};
use crate::frame::{Frame, IslandAssets};
use crate::hydration_markers;
use crate::page::Page;
use crate::reader::{Body, Within, article};

/// Renders a whole HTML document.
pub fn render(frame: &Frame, page: Page) -> String {
    in_owner(|| {
        let site = &frame.site;
        let islands = if page.is_newsroom() { &site.newsroom_islands } else { &site.islands };
        let html = format!("<!DOCTYPE html>{}", document(frame, page).to_html());
        with_island_script(islands.clone(), hydration_markers::tidy(&html))
    })
}

/// Renders a story as its readers see it from its publication on, without the page around it.
pub fn render_preview(frame: &Frame, story: &Story, body: Body) -> String {
    let now = frame.now.max(story.teaser.published_at);
    let frame = Frame { viewer: None, now, ..frame.clone() };
    in_owner(|| {
        let html = article(&frame, story, body, Within::Editor).to_html();
        hydration_markers::tidy(&html)
    })
}

fn in_owner(render: impl FnOnce() -> String) -> String {
    let context = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(context));
    owner.with(|| {
        // Leptos writes the island markers only while it is not hydrating.
        if let Some(context) = Owner::current_shared_context() {
            context.set_is_hydrating(false);
        }
        render()
    })
}

/// Adds the island script to a page that contains an island.
///
/// Decided by the rendered text, so that no page can forget it. A story cannot contain the
/// element, because cleaning removes it.
fn with_island_script(islands: Option<IslandAssets>, mut html: String) -> String {
    let islands = islands.filter(|_| html.contains("<leptos-island"));
    if let Some((islands, at)) = islands.zip(html.find("</head>")) {
        html.insert_str(at, &island_script(islands).to_html());
    }
    html
}
