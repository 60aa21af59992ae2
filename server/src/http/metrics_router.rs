//! The metrics, on an address of their own, which the public does not reach (AZ-08).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use gazette_authorizer::KeySource;

use crate::http::gauges::gauges;
use crate::http::state::AppState;

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Builds the router of the address for metrics.
pub(crate) fn metrics_router(app: AppState, keys: Arc<KeySource>) -> Router {
    Router::new().route("/metrics", get(text)).with_state((app, keys))
}

async fn text(State((app, keys)): State<(AppState, Arc<KeySource>)>) -> Response {
    let gauges = gauges(&app, &keys).await;
    ([(CONTENT_TYPE, TEXT)], app.metrics.text(&gauges)).into_response()
}
