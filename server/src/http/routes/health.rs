//! Health checks.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use gazette_domain::Caller;
use serde_json::json;

use crate::http::state::AppState;
use crate::listener::Stopping;

/// `GET /healthz`: the process is running.
pub(in crate::http) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// `GET /readyz`: the store responds, the user pool's keys are known, and the process does not
/// stop.
pub(in crate::http) async fn ready(
    State(app): State<AppState>,
    stopping: Option<Extension<Stopping>>,
) -> Response {
    if stopping.is_some() {
        let body = Json(json!({ "status": "stopping" }));
        return (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    }
    let store = app.desk.sections(&Caller::Anonymous).await.is_ok();
    let keys = app.authorizer.is_ready();
    let status = if store && keys { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |ready| if ready { "ok" } else { "unavailable" };
    (status, Json(json!({ "store": word(store), "keys": word(keys) }))).into_response()
}
