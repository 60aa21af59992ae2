//! Public pages, answered from memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use crate::http::page_cache::{CacheKey, CachedResponse};
use crate::http::reply::AppError;
use crate::http::request::{Preference, has_session_cookie};
use crate::http::state::AppState;

/// The largest response that is kept, in bytes. Larger ones are passed through.
const MAX_RESPONSE_BYTES: u64 = 4 * 1024 * 1024;
/// The longest time a response is kept, in seconds, because pages show relative times.
const MAX_AGE_SECONDS: i64 = 60;
/// The longest time a request waits for another one that renders the same page.
const MAX_WAIT: Duration = Duration::from_millis(200);

/// Answers from memory, or lets one request render the page while others for it wait.
pub(in crate::http) async fn serve(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !is_shared(&request) {
        return next.run(request).await;
    }
    let key = CacheKey {
        content_version: app.desk.content_version(),
        minute: app.clock.now().as_second().div_euclid(MAX_AGE_SECONDS),
        preference: Preference::of(request.headers()),
        path_and_query: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
    };
    let cached = timeout(MAX_WAIT, app.page_cache.0.get_value_or_guard_async(&key)).await;
    let guard = match cached {
        Ok(Ok(Some(response))) => return response.to_response(),
        Ok(Err(guard)) => guard,
        // Nobody waits for a page that cannot be kept, or that takes long.
        Ok(Ok(None)) | Err(_) => return next.run(request).await,
    };
    let response = next.run(request).await;
    if !is_public(&response) {
        if !response.status().is_server_error() {
            let _ = guard.insert(None);
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    if body.size_hint().exact().is_none_or(|size| size > MAX_RESPONSE_BYTES) {
        let _ = guard.insert(None);
        return Response::from_parts(parts, body);
    }
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return AppError::internal(error).into_response(),
    };
    let mut headers = HeaderMap::new();
    for name in [CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY] {
        headers.extend(parts.headers.get(&name).cloned().map(|value| (name, value)));
    }
    let response = Arc::new(CachedResponse { headers, body });
    // Fails only if another response was inserted meanwhile, which is as good as this one.
    let _ = guard.insert(Some(Arc::clone(&response)));
    response.to_response()
}

/// Returns whether every anonymous reader gets the same response to the request.
fn is_shared(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && !headers.contains_key(AUTHORIZATION)
        && !has_session_cookie(headers)
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
