//! The metrics, on an address of their own, which the public does not reach (AZ-08).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use gazette_authorizer::KeySource;

use crate::http::gauges::gauges;
use crate::http::state::AppState;
use crate::metrics::Metrics;

/// Builds the router of the address for metrics.
pub(crate) fn metrics_router(app: AppState, keys: Arc<KeySource>) -> Router {
    Router::new().route("/metrics", get(text)).with_state((app, keys))
}

async fn text(State((app, keys)): State<(AppState, Arc<KeySource>)>) -> Response {
    match app.metrics.text(gauges(&app, &keys).await) {
        Ok(text) => ([(CONTENT_TYPE, Metrics::MEDIA_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "no metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
