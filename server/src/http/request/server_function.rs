//! Calls of Leptos server functions on behalf of a request.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::{ACCEPT, REFERER};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use gazette_app::backend::{ErrorSlot, ServerFnContext};
use leptos::prelude::provide_context;

use crate::http::reply::AppError;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// Larger than any response of a server function, in bytes.
const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// Runs the server function at the request's path for the caller, and returns its JSON.
pub(in crate::http) async fn call_server_function(
    app: &AppState,
    context: &RequestContext,
    mut request: Request,
) -> Result<Bytes, AppError> {
    // For a browser's plain form Leptos would respond with a redirect to where it came from.
    request.headers_mut().remove(ACCEPT);
    request.headers_mut().remove(REFERER);
    // The registry of server functions has no HEAD; hyper drops the body.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let error = ErrorSlot::default();
    let server_fn = ServerFnContext {
        desk: context.desk(app),
        caller: context.caller.clone(),
        site: Arc::clone(&app.site),
        error: error.clone(),
    };
    let provide = move || provide_context(server_fn.clone());
    let response =
        leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    if let Some(error) = error.take() {
        return Err(error.into());
    }
    if !response.status().is_success() {
        return Err(AppError::bad_request("The query string is malformed."));
    }
    to_bytes(response.into_body(), MAX_RESPONSE_BYTES).await.map_err(AppError::internal)
}
