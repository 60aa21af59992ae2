//! Errors become JSON for programs and pages for browsers, and are logged, in this one place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use bytes::Bytes;
use gazette_app::pages::{ErrorPage, error_page, has_suggestions};
use gazette_app::{Frame, Theme};
use gazette_domain::{Endpoint, Feed, Limit, ListQuery, Removal, Teaser};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::page_cache::minute_of;
use crate::http::reply::AppError;
use crate::http::request::{Preference, RequestContext, RequestId, chosen_theme};
use crate::http::state::AppState;

/// Seconds after which a temporary error is worth another try.
const RETRY_SECONDS: &str = "2";

/// Headlines on the page of something that is not there.
const HEADLINES: usize = 5;

/// Body of an error, for programs.
#[derive(Serialize)]
pub(in crate::http) struct ErrorBody<'e> {
    pub(in crate::http) message: &'e str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::http) fields: &'e BTreeMap<Cow<'static, str>, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) removed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) reason: Option<&'e str>,
}

/// Part of a request that its error page would need.
pub(in crate::http) struct PossibleError {
    preference: Preference,
    uri: Uri,
    id: RequestId,
    theme: Option<Theme>,
}

impl PossibleError {
    pub(in crate::http) fn of(app: &AppState, request: &Request) -> Self {
        Self {
            preference: Preference::of(request.headers()),
            uri: request.uri().clone(),
            id: RequestId::of(request),
            theme: chosen_theme(request.headers(), &app.cookies),
        }
    }

    /// Writes the body of a response that is an [`AppError`].
    pub(in crate::http) async fn render(self, app: &AppState, response: &mut Response) {
        let Some(error) = response.extensions_mut().remove::<AppError>() else { return };
        error.log();
        let context = response.extensions_mut().remove::<RequestContext>();
        let (content_type, body) = self.body(app, &error, context).await;
        *response.status_mut() = error.status;
        *response.body_mut() = body;
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Some(challenge) = error.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if error.is_temporary {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
    }

    /// Returns the body of an error and its media type.
    async fn body(
        self,
        app: &AppState,
        error: &AppError,
        context: Option<RequestContext>,
    ) -> (&'static str, Body) {
        if self.preference != Preference::Html {
            return ("application/json", json(error));
        }
        let html = if error.page == ErrorPage::Busy {
            Body::from(busy_page(app, self.theme, self.id).await)
        } else {
            let id = self.id.to_string();
            let context = context
                .unwrap_or_else(|| RequestContext::anonymous(&self.uri, self.theme, self.id));
            let latest = latest(app, &context, &error.page).await;
            let page = |frame: &Frame| error_page(frame, &error.page, Some(&id), &latest);
            let (html, _) = context.html(app, page).await;
            Body::from(html)
        };
        ("text/html; charset=utf-8", html)
    }
}

fn json(error: &AppError) -> Body {
    let removal = removal(&error.page);
    let body = ErrorBody {
        message: &error.message,
        fields: &error.fields,
        removed_at: removal.map(|removal| removal.at),
        reason: removal.and_then(|removal| removal.reason.as_deref()),
    };
    Body::from(serde_json::to_vec(&body).unwrap_or_default())
}

/// Returns the page of a busy server, which is the same for everyone.
async fn busy_page(app: &AppState, theme: Option<Theme>, id: RequestId) -> Bytes {
    let key = (minute_of(app.clock.now()), theme);
    if let Some(kept) = app.page_cache.busy.get(&key) {
        return kept;
    }
    let front_page = Uri::from_static(Endpoint::FrontPage.path());
    let context = RequestContext::anonymous(&front_page, theme, id);
    let page = |frame: &Frame| error_page(frame, &ErrorPage::Busy, None, &[]);
    let (html, _) = context.html(app, page).await;
    let html = Bytes::from(html);
    app.page_cache.busy.insert(key, html.clone());
    html
}

/// Reads the headlines of a page that shows some. A page without them is better than no page.
async fn latest(app: &AppState, context: &RequestContext, page: &ErrorPage) -> Vec<Teaser> {
    if !has_suggestions(page) {
        return Vec::new();
    }
    let limit = Limit::try_from(HEADLINES).unwrap_or(Limit::DEFAULT);
    let newest = ListQuery::newest(Feed::All, limit);
    let stories = app.desk.list(&context.caller, &newest).await;
    stories.map(|stories| stories.items).unwrap_or_default()
}

/// Returns the removal of the story that a page explains.
fn removal(page: &ErrorPage) -> Option<&Removal> {
    match page {
        ErrorPage::Gone(story) => story.removal.as_ref(),
        _ => None,
    }
}
