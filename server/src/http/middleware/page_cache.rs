//! Public pages, answered from memory.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use crate::http::page_cache::{CacheKey, CachedResponse, FinishedResponses, PageKey, minute_of};
use crate::http::reply::AppError;
use crate::http::request::{KnownParameters, Preference, chosen_theme, has_session_cookie};
use crate::http::state::AppState;
use crate::http::store_outage::Attempt;

/// The largest response that is kept, in bytes. Larger ones are passed through.
const MAX_RESPONSE_BYTES: u64 = 4 * 1024 * 1024;
/// The longest time a request waits for another one that renders the same page.
const MAX_WAIT: Duration = Duration::from_millis(200);
/// The longest time a request tries an unavailable store before it gets the last good response.
const MAX_RETRY: Duration = Duration::from_secs(1);

/// Answers from memory, or lets one request render the page while others for it wait.
pub(in crate::http) async fn serve(
    State((app, known)): State<(AppState, KnownParameters)>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let is_canonical = known.canonicalize(&mut parts).await;
    let is_shared = is_anonymous(&parts.headers);
    let mut request = Request::from_parts(parts, body);
    if !is_canonical {
        return next.run(request).await;
    }
    if !is_shared {
        return serve_uncached(&app, request, next).await;
    }
    // Otherwise the response to HEAD would have to be rendered each time: it has no body to keep.
    *request.method_mut() = Method::GET;
    let key = cache_key(&app, &request);
    if let Some(response) = app.page_cache.current.get(&key).flatten() {
        app.page_cache.hits.fetch_add(1, Ordering::Relaxed);
        return response.to_response();
    }
    // Only a page that was good once may be the one that tries an unavailable store, since
    // nothing else shows that the store is available again.
    let Some(last_good) = last_good(&app, &key) else {
        return from_cache(&app, &key, request, next).await;
    };
    match app.page_cache.outage.attempt() {
        Attempt::Normal => from_cache(&app, &key, request, next).await,
        Attempt::Retry => {
            let response = timeout(MAX_RETRY, from_cache(&app, &key, request, next)).await;
            response.unwrap_or(last_good)
        }
        Attempt::Skip => last_good,
    }
}

/// Answers without the cache; while the store is unavailable, with the last good public page, which
/// is better than none.
async fn serve_uncached(app: &AppState, request: Request, next: Next) -> Response {
    let key = cache_key(app, &request);
    let response = next.run(request).await;
    match response.extensions().get::<AppError>() {
        Some(error) if error.is_store_unavailable => last_good(app, &key).unwrap_or(response),
        Some(_) | None => response,
    }
}

/// Returns the key of the page that a request asks for.
pub(in crate::http) fn cache_key(app: &AppState, request: &Request) -> CacheKey {
    let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str());
    CacheKey {
        content_version: app.desk.content_version(),
        minute: minute_of(app.clock.now()),
        page: PageKey {
            preference: Preference::of(request.headers()),
            theme: chosen_theme(request.headers(), &app.cookies),
            path_and_query: path_and_query.to_owned(),
        },
    }
}

async fn from_cache(app: &AppState, key: &CacheKey, request: Request, next: Next) -> Response {
    let cache = &app.page_cache.current;
    let guard = match timeout(MAX_WAIT, cache.get_value_or_guard_async(key)).await {
        Ok(Ok(Some(response))) => {
            app.page_cache.hits.fetch_add(1, Ordering::Relaxed);
            return response.to_response();
        }
        Ok(Err(guard)) => Some(guard),
        // Nothing waits for a page that cannot be kept, or that takes long.
        Ok(Ok(None)) | Err(_) => None,
    };
    app.page_cache.misses.fetch_add(1, Ordering::Relaxed);
    let rendered = match render(app, key, request, next).await {
        Ok(rendered) => rendered,
        Err(response) => {
            if let Some(guard) = guard
                && !response.status().is_server_error()
            {
                // Lets the waiting requests go on together. Removed again, since a flood of
                // unknown addresses must not push pages out of the cache.
                let _ = guard.insert(None);
                cache.remove(key);
            }
            return response;
        }
    };
    if let Some(guard) = guard {
        // Fails only if another response was inserted first. That one is just as good.
        let _ = guard.insert(Some(Arc::clone(&rendered)));
    }
    rendered.to_response()
}

/// Renders a page; the error is a response that cannot be kept.
async fn render(
    app: &AppState,
    key: &CacheKey,
    request: Request,
    next: Next,
) -> Result<Arc<CachedResponse>, Response> {
    let response = next.run(request).await;
    if let Some(error) = response.extensions().get::<AppError>()
        && error.is_store_unavailable
    {
        app.page_cache.outage.record_failure(&error.cause());
        return Err(last_good(app, key).unwrap_or(response));
    }
    if !is_public(&response) {
        let status = response.status();
        // A page that is there but not public lacks its navigation: the store failed halfway.
        if status.is_client_error() || status.is_redirection() {
            app.page_cache.last_good.remove(&key.page);
        }
        return Err(response);
    }
    app.page_cache.outage.record_success();
    let (parts, body) = response.into_parts();
    if body.size_hint().exact().is_none_or(|size| size > MAX_RESPONSE_BYTES) {
        return Err(Response::from_parts(parts, body));
    }
    let body = to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| AppError::internal(error).into_response())?;
    let mut headers = HeaderMap::new();
    for name in [CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED, VARY] {
        headers.extend(parts.headers.get(&name).cloned().map(|value| (name, value)));
    }
    let content_version = key.content_version;
    let rendered_at = app.clock.now();
    let rendered = Arc::new(CachedResponse {
        headers,
        body,
        forms: Arc::default(),
        finished: FinishedResponses::default(),
        content_version,
        rendered_at,
    });
    app.page_cache.last_good.insert(key.page.clone(), Arc::clone(&rendered));
    Ok(rendered)
}

/// Returns the last good response of a page, unless something was removed from the site since.
fn last_good(app: &AppState, key: &CacheKey) -> Option<Response> {
    let response = app.page_cache.last_good.get(&key.page)?;
    if response.content_version < app.desk.last_removal() {
        app.page_cache.last_good.remove(&key.page);
        return None;
    }
    Some(response.to_stale_response(app.clock.now()))
}

/// Returns whether every reader who sends these headers gets the same response.
fn is_anonymous(headers: &HeaderMap) -> bool {
    !headers.contains_key(AUTHORIZATION) && !has_session_cookie(headers)
}

/// Returns whether the response allows everyone to keep it.
fn is_public(response: &Response) -> bool {
    let headers = response.headers();
    let cache_control = headers.get(CACHE_CONTROL).map(HeaderValue::as_bytes);
    response.status() == StatusCode::OK
        && cache_control.is_some_and(|value| value.starts_with(b"public"))
        && headers.contains_key(ETAG)
        && !headers.contains_key(SET_COOKIE)
}
