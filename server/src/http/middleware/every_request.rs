//! The layer that every request passes, unless a finished page answers it.
//!
//! It is one layer, since each layer of axum puts the work below it into a box of its own, together
//! with the request.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::http::middleware::compression::WantedEncoding;
use crate::http::middleware::conditional::Condition;
use crate::http::middleware::error_pages::PossibleError;
use crate::http::middleware::finished::Unfinished;
use crate::http::middleware::headers::{ContentSecurityPolicy, SecurityHeaders};
use crate::http::middleware::request_log::LoggedRequest;
use crate::http::middleware::{csrf, limits};
use crate::http::reply::AppError;
use crate::http::state::AppState;

/// Answers a request, counts it, and finishes its page if it is one.
pub(in crate::http) async fn answer(
    State((app, policy)): State<(AppState, ContentSecurityPolicy)>,
    mut request: Request,
    next: Next,
) -> Response {
    let unfinished = Unfinished::of(&app, &mut request);
    let logged = LoggedRequest::begin(&app, &mut request);
    let mut response = logged.run(answer_in_span(&app, &policy, request, next)).await;
    logged.end(&app, &mut response);
    match unfinished {
        Some(unfinished) => unfinished.finish(&app, response).await,
        None => response,
    }
}

/// Answers a request, or refuses it before anything reads it.
async fn answer_in_span(
    app: &AppState,
    policy: &ContentSecurityPolicy,
    request: Request,
    next: Next,
) -> Response {
    let headers = SecurityHeaders::of(app, &request);
    let condition = Condition::of(&request);
    let encoding = WantedEncoding::of(&request);
    let error = PossibleError::of(app, &request);
    let mut response = match check(app, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    error.render(app, &mut response).await;
    let mut response = encoding.encode(response).await;
    if let Some(condition) = condition {
        condition.apply(&mut response);
    }
    headers.add_to(app, policy, &mut response);
    response
}

fn check(app: &AppState, request: &Request) -> Result<(), AppError> {
    limits::check(request)?;
    csrf::require_known_origin(app, request)
}
