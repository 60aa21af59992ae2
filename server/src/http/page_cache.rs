//! Whole answers for readers whom nobody knows, kept as bytes as long as the news base as it is.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::time::timeout;

use crate::http::error::AppError;
use crate::http::negotiation::Preference;
use crate::http::reply;
use crate::http::session_cookie::has_session_cookie;
use crate::http::state::AppState;

/// How much all answers together may weigh, in bytes.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// How many answers the cache makes room for at first.
const EXPECTED_PAGES: usize = 1_000;
/// The largest answer that is kept, in bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// Seconds an answer is kept at most: pages say how long ago something was.
const KEPT_SECONDS: i64 = 60;

/// The answers; `None` at an address whose answer cannot be kept.
pub struct PageCache(Cache<Name, Option<Arc<Answer>>, ByBytes>);

/// How long a request waits for another one that asks for the same.
const WAIT: Duration = Duration::from_millis(200);

/// What an answer depends on. Since the content_version is part of it, what was made of older news is
/// never found again, and makes room in time.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Name {
    content_version: u64,
    minute: i64,
    preference: Preference,
    address: String,
}

struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Name, Option<Arc<Answer>>> for ByBytes {
    fn weight(&self, name: &Name, answer: &Option<Arc<Answer>>) -> u64 {
        let body = answer.as_ref().map_or(0, |answer| answer.body.len());
        // What stands around the bytes takes room too.
        (name.address.len() + body + 1_024) as u64
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_PAGES, CAPACITY, ByBytes))
    }
}

/// Answers from memory, or lets one request through and remembers what comes of it while others
/// for the same wait.
pub(super) async fn serve(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if !is_shared(&request) {
        return next.run(request).await;
    }
    let name = Name {
        content_version: app.desk.content_version(),
        minute: app.clock.now().as_second().div_euclid(KEPT_SECONDS),
        preference: Preference::of(request.headers()),
        address: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
    };
    let known = request.headers_mut().remove(IF_NONE_MATCH);
    let waited = timeout(WAIT, app.page_cache.0.get_value_or_guard_async(&name)).await;
    let guard = match waited {
        Ok(Ok(Some(answer))) => return answer.to(known),
        Ok(Err(guard)) => guard,
        // Nobody has to stand in line for an answer that is made for each, or that takes long.
        Ok(Ok(None)) | Err(_) => {
            request.headers_mut().extend(known.map(|known| (IF_NONE_MATCH, known)));
            return next.run(request).await;
        }
    };
    let response = next.run(request).await;
    if !is_for_everybody(&response) {
        if !response.status().is_server_error() {
            let _ = guard.insert(None);
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, MAX_ANSWER_BYTES).await {
        Ok(body) => body,
        Err(error) => return AppError::internal(&error).into_response(),
    };
    let mut headers = HeaderMap::new();
    for kept in [CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY] {
        headers.extend(parts.headers.get(&kept).cloned().map(|value| (kept, value)));
    }
    let answer = Arc::new(Answer { headers, body });
    // Refused only when the place was taken meanwhile, by an answer as good as this one.
    let _ = guard.insert(Some(Arc::clone(&answer)));
    answer.to(known)
}

impl Answer {
    /// The answer to one request, or that it has these very bytes already.
    fn to(&self, known: Option<HeaderValue>) -> Response {
        let mut asked = HeaderMap::new();
        asked.extend(known.map(|value| (IF_NONE_MATCH, value)));
        let etag = self.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default();
        let mut response = if reply::is_known(etag, &asked) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.body.clone().into_response()
        };
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

/// Whether a request is one that everybody gets the same answer to.
fn is_shared(request: &Request) -> bool {
    let headers = request.headers();
    let room = request.uri().path().split('/').nth(1).unwrap_or_default();
    request.method() == Method::GET
        && matches!(room, "" | "news" | "section" | "tag" | "author")
        && !headers.contains_key(AUTHORIZATION)
        && !has_session_cookie(headers)
}

/// Whether an answer says of itself that anybody may keep it.
fn is_for_everybody(response: &Response) -> bool {
    let headers = response.headers();
    let cache_control = headers.get(CACHE_CONTROL).map(HeaderValue::as_bytes);
    response.status() == StatusCode::OK
        && cache_control.is_some_and(|value| value.starts_with(b"public"))
        && headers.contains_key(ETAG)
        && !headers.contains_key(SET_COOKIE)
}
