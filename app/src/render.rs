//! Rendering of a page to HTML text.

use std::sync::Arc;

use gazette_domain::Story;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::document::{self, ACCOUNT_LINKS, CONTENT, account_links, document};
use crate::frame::Frame;
use crate::hydration_markers::{Tidied, tidy};
use crate::markup::Markup;
use crate::page::{Layout, Page};
use crate::reader::{Body, Within, article};

const DOCTYPE: &str = "<!DOCTYPE html>";
const HEAD_END: &str = "</head>";

/// A page with its content rendered to HTML. The document around it depends on the request.
pub struct RenderedPage {
    page: Page,
    content: String,
    has_islands: bool,
}

impl RenderedPage {
    /// Renders the content of a page.
    pub fn new(page: Page) -> Self {
        let Page { content, .. } = page;
        let Tidied { html, has_islands } = tidy(&content.to_html());
        Self { page: Page { content: Markup::new(""), ..page }, content: html, has_islands }
    }

    /// Returns the page without its content.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Returns the size of the content in bytes.
    pub fn size(&self) -> usize {
        self.content.len()
    }
}

/// The document around a page. Around a page of the site it depends on everything in the [`Frame`]
/// but the viewer, so that it can be kept for everyone.
pub struct Shell {
    /// From the doctype to the account links, or to the content if there are none.
    start: String,
    /// From the account links to the content.
    middle: String,
    end: String,
}

impl Shell {
    /// Renders the document around a page.
    pub fn new(frame: &Frame, page: &RenderedPage) -> Self {
        in_owner(|| {
            let around = tidy(&document(frame, &page.page).to_html());
            let (before, end) = around.html.split_once(CONTENT).unwrap_or((&around.html, ""));
            let (before, middle) = before.split_once(ACCOUNT_LINKS).unwrap_or((before, ""));
            let islands = island_script(frame, page, around.has_islands);
            let (head, body) = before.split_at(before.find(HEAD_END).unwrap_or_default());
            let start = [DOCTYPE, head, &islands, body].concat();
            Self { start, middle: middle.to_owned(), end: end.to_owned() }
        })
    }

    /// Returns the size in bytes.
    pub fn size(&self) -> usize {
        self.start.len() + self.middle.len() + self.end.len()
    }

    /// Writes the whole document of a page, for the viewer of a frame.
    pub fn wrap(&self, frame: &Frame, page: &RenderedPage) -> String {
        let account = match page.page.layout {
            Layout::Site => tidy(&account_links(frame).to_html()).html,
            Layout::Newsroom(_) | Layout::Editor => String::new(),
        };
        [&self.start, account.as_str(), &self.middle, &page.content, &self.end].concat()
    }
}

/// Renders a whole HTML document.
pub fn render(frame: &Frame, page: &RenderedPage) -> String {
    Shell::new(frame, page).wrap(frame, page)
}

/// Renders a story as its readers see it from its publication on, without the page around it.
pub fn render_preview(frame: &Frame, story: &Story, body: Body) -> String {
    let now = frame.now.max(story.teaser.published_at);
    let frame = Frame { viewer: None, now, ..frame.clone() };
    in_owner(|| {
        let html = article(&frame, story, body, Within::Editor).to_html();
        tidy(&html).html
    })
}

fn in_owner<T>(render: impl FnOnce() -> T) -> T {
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

/// Returns the island script of a page that contains an island.
///
/// Decided by the rendered text, so that no page can forget it. A story cannot contain the
/// element, because cleaning removes it.
fn island_script(frame: &Frame, page: &RenderedPage, has_islands_around: bool) -> String {
    let site = &frame.site;
    let islands = if page.page.is_newsroom() { &site.newsroom_islands } else { &site.islands };
    let used = islands.as_ref().filter(|_| page.has_islands || has_islands_around);
    used.map(|islands| document::island_script(islands.clone()).to_html()).unwrap_or_default()
}
