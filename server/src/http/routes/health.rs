//! Health checks.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gazette_domain::Caller;
use serde_json::json;

use crate::http::state::AppState;

/// `GET /healthz`: the process is running.
pub(in crate::http) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// `GET /readyz`: the store responds and the user pool's keys are known.
pub(in crate::http) async fn ready(State(app): State<AppState>) -> Response {
    let store = app.desk.sections(&Caller::Anonymous).await.is_ok();
    let keys = app.authorizer.is_ready();
    let status = if store && keys { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |ready| if ready { "ok" } else { "unavailable" };
    (status, Json(json!({ "store": word(store), "keys": word(keys) }))).into_response()
}
