//! Pages whose content is the same for everyone; only the document around it is a person's own.

use std::sync::Arc;

use axum::response::Response;
use gazette_app::pages::Page;
use gazette_app::{Frame, WrittenPage};
use gazette_domain::Caller;

use crate::http::page_cache::{ContentKey, minute_of};
use crate::http::reply;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// A page that is made as for an anonymous reader, so that it can hold nothing of a person, and
/// whose content is kept for all who ask for it until the site changes.
pub(in crate::http) struct SharedPage<'r> {
    app: &'r AppState,
    context: &'r RequestContext,
    key: ContentKey,
}

impl<'r> SharedPage<'r> {
    /// For whom the page is made.
    pub(in crate::http) const READER: &'static Caller = &Caller::Anonymous;

    /// Begins a page, before anything is read for it.
    pub(in crate::http) fn of(app: &'r AppState, context: &'r RequestContext) -> Self {
        let key = ContentKey {
            content_version: app.desk.content_version(),
            minute: minute_of(app.clock.now()),
            path_and_query: context.path.clone(),
        };
        Self { app, context, key }
    }

    /// Returns the page if its content is kept.
    pub(in crate::http) async fn kept(&self) -> Option<Response> {
        let written = self.app.page_cache.contents.get(&self.key)?;
        let (frame, is_complete) = self.context.frame(self.app).await;
        Some(self.respond(frame, is_complete, &written).await)
    }

    /// Makes the page, and keeps its content.
    pub(in crate::http) async fn make(self, make: impl FnOnce(&Frame) -> Page) -> Response {
        let (frame, is_complete) = self.context.frame(self.app).await;
        let shared = Frame { viewer: None, theme: None, sign_in_unknown: false, ..frame.clone() };
        let written = Arc::new(WrittenPage::new(make(&shared)));
        if is_complete {
            self.app.page_cache.contents.insert(self.key.clone(), Arc::clone(&written));
        }
        self.respond(frame, is_complete, &written).await
    }

    async fn respond(&self, frame: Frame, is_complete: bool, written: &WrittenPage) -> Response {
        let (html, is_public) =
            self.context.html_around(self.app, frame, is_complete, written).await;
        reply::page(html, is_public)
    }
}
