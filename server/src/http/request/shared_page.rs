//! Pages with the same content for everyone. Only the document around it depends on the caller.

use std::sync::Arc;

use axum::response::Response;
use gazette_app::pages::Page;
use gazette_app::{Frame, RenderedPage, Shell};
use gazette_domain::Caller;

use crate::http::page_cache::{ContentKey, ShellKey, minute_of};
use crate::http::reply;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// A page that is made for an anonymous reader, so that it contains nothing personal. Its content is
/// cached for everyone until the site changes.
pub(in crate::http) struct SharedPage<'r> {
    app: &'r AppState,
    context: &'r RequestContext,
    key: ContentKey,
}

impl<'r> SharedPage<'r> {
    /// The caller for whom the page is made.
    pub(in crate::http) const READER: &'static Caller = &Caller::Anonymous;

    /// Begins a page, before anything is read for it.
    pub(in crate::http) fn of(app: &'r AppState, context: &'r RequestContext) -> Self {
        let key = ContentKey {
            content_version: app.desk.content_version(),
            minute: minute_of(app.clock.now()),
            path_and_query: Arc::clone(&context.path),
        };
        Self { app, context, key }
    }

    /// Returns the page if its content is cached.
    pub(in crate::http) async fn cached(&self) -> Option<Response> {
        let rendered = self.app.page_cache.contents.get(&self.key)?;
        let (frame, is_complete) = self.context.frame(self.app).await;
        Some(self.respond(&frame, is_complete, &rendered))
    }

    /// Makes the page, and caches its content.
    pub(in crate::http) async fn make(self, make: impl FnOnce(&Frame) -> Page) -> Response {
        let (frame, is_complete) = self.context.frame(self.app).await;
        let shared = Frame { viewer: None, theme: None, sign_in_unknown: false, ..frame.clone() };
        let rendered = Arc::new(RenderedPage::new(make(&shared)));
        if is_complete {
            self.app.page_cache.contents.insert(self.key.clone(), Arc::clone(&rendered));
        }
        self.respond(&frame, is_complete, &rendered)
    }

    fn respond(&self, frame: &Frame, is_complete: bool, page: &RenderedPage) -> Response {
        let html = self.shell(frame, is_complete, page).wrap(frame, page);
        reply::page(html, self.context.is_public(page.page(), is_complete))
    }

    /// Returns the document around the page, which is made for an anonymous reader too.
    fn shell(&self, frame: &Frame, is_complete: bool, page: &RenderedPage) -> Arc<Shell> {
        let key = ShellKey {
            content: self.key.clone(),
            theme: frame.theme,
            sign_in_unknown: frame.sign_in_unknown,
        };
        let cache = &self.app.page_cache.shells;
        // A frame without the sections has a document of its own.
        if let Some(shell) = cache.get(&key).filter(|_| is_complete) {
            return shell;
        }
        let shared = Frame { viewer: None, ..frame.clone() };
        let shell = Arc::new(Shell::new(&shared, page));
        if is_complete {
            cache.insert(key, Arc::clone(&shell));
        }
        shell
    }
}
