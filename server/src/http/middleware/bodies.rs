//! Time and memory that the bodies of requests may take. Handlers read a body only after the
//! policy has allowed the request.

mod limited;
mod limits;
mod memory;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use self::limited::LimitedBody;
pub(in crate::http) use self::limits::BodyLimits;
use self::memory::{BodyError, BodyMemory};
use crate::http::reply::AppError;

const TOO_SLOW: &str = "The body did not arrive in time. Send the request again.";
const NO_MEMORY: &str = "The server is receiving too much data right now. Try again in a moment.";

/// Limits the body of a request to the site.
pub(in crate::http) async fn limit(
    State(limits): State<BodyLimits>,
    request: Request,
    next: Next,
) -> Response {
    match run(&limits, request, next).await {
        Ok(response) => response,
        Err(BodyError::TooSlow) => {
            AppError::with_message(StatusCode::REQUEST_TIMEOUT, TOO_SLOW).into_response()
        }
        Err(error @ BodyError::NoMemory) => AppError::unavailable(NO_MEMORY, error).into_response(),
    }
}

/// Adds the limits of bodies to a router other than that of the site.
pub(crate) fn with_body_limits(router: Router) -> Router {
    router.layer(from_fn_with_state(BodyLimits::default(), limit_plainly))
}

async fn limit_plainly(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    match run(&limits, request, next).await {
        Ok(response) => response,
        Err(BodyError::TooSlow) => (StatusCode::REQUEST_TIMEOUT, TOO_SLOW).into_response(),
        Err(BodyError::NoMemory) => {
            let retry = [(RETRY_AFTER, HeaderValue::from_static("1"))];
            (StatusCode::SERVICE_UNAVAILABLE, retry, NO_MEMORY).into_response()
        }
    }
}

/// Runs the handler; its response does not count if its body failed.
async fn run(limits: &BodyLimits, request: Request, next: Next) -> Result<Response, BodyError> {
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    // Holds the memory until the handler has finished, which may be long after it has read.
    let memory = Arc::new(BodyMemory::new(Arc::clone(&limits.memory)));
    let request =
        request.map(|body| Body::new(LimitedBody::new(body, limits.clone(), Arc::clone(&memory))));
    let response = next.run(request).await;
    memory.error().map_or(Ok(response), Err)
}

#[cfg(test)]
mod tests;
