//! Health checks.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use gazette_table::TableHealth;
use serde::Serialize;
use serde_json::json;

use crate::auth::SignInHealth;
use crate::http::state::AppState;
use crate::listener::Stopping;

const OK: &str = "ok";

/// Body of `GET /readyz`: `ok`, or the error of each part.
#[derive(Serialize)]
pub(in crate::http) struct Readiness {
    pub(in crate::http) store: &'static str,
    pub(in crate::http) keys: &'static str,
    pub(in crate::http) sign_in: &'static str,
}

/// `GET /healthz`: the process is running.
pub(in crate::http) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// `GET /readyz`: the store responds, the user pool's keys are known, nothing is known that would
/// make every sign-in fail, and the process does not stop.
pub(in crate::http) async fn ready(
    State(app): State<AppState>,
    stopping: Option<Extension<Stopping>>,
) -> Response {
    if stopping.is_some() {
        let body = Json(json!({ "status": "stopping" }));
        return (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    }
    let sign_in = app.oidc.health();
    if sign_in != SignInHealth::Ok {
        let oidc = Arc::clone(&app.oidc);
        tokio::spawn(async move { oidc.check_again().await });
    }
    let readiness = Readiness {
        store: store_reason(app.store_check.health().await),
        keys: if app.authorizer.is_ready() { OK } else { "unavailable" },
        sign_in: sign_in_reason(sign_in),
    };
    (readiness.status(), Json(readiness)).into_response()
}

impl Readiness {
    fn status(&self) -> StatusCode {
        let is_ready = [self.store, self.keys, self.sign_in].iter().all(|part| *part == OK);
        if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    }
}

fn store_reason(health: TableHealth) -> &'static str {
    match health {
        TableHealth::Ok => OK,
        TableHealth::Unavailable => "unavailable",
        TableHealth::DiskFull => "disk full",
        TableHealth::ReadOnly => "read-only since a write failed; restart",
        TableHealth::Damaged => "damaged; restore a backup",
    }
}

fn sign_in_reason(health: SignInHealth) -> &'static str {
    match health {
        SignInHealth::Ok => OK,
        SignInHealth::ClientRejected => "the user pool rejects the client id or its secret",
        SignInHealth::OtherIssuer => "the discovery document is of another issuer",
        SignInHealth::InvalidDiscovery => "the discovery document cannot be used",
    }
}
