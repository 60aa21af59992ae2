//! `/_pool/faults`: shows the faults of the pool and switches them, for tests of relying parties.
//! Without [`crate::config::PoolConfig::has_faults`] the endpoint does not exist.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::media_type::has_media_type;
use crate::faults::{Fault, Faults};
use crate::pool::UserPool;

/// Maximum number of names in a request.
const MAX_NAMES: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    on: Vec<String>,
}

pub(super) async fn read(State(pool): State<UserPool>) -> Result<Json<Value>, StatusCode> {
    Ok(Json(state(faults(&pool)?)))
}

/// Switches the named faults on and all others off.
pub(super) async fn switch(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, StatusCode> {
    let faults = faults(&pool)?;
    // Another site cannot send this media type without a CORS preflight.
    if !has_media_type(&headers, "application/json") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let names = match serde_json::from_slice::<Switch>(&body) {
        Ok(switch) if switch.on.len() <= MAX_NAMES => switch.on,
        Ok(_) => return Ok(refused("too many names")),
        Err(error) => {
            return Ok(refused(&format!("the body must be {{\"on\": [\"NAME\"]}}: {error}")));
        }
    };
    let mut on = Vec::new();
    for name in &names {
        match Fault::named(name) {
            Some(fault) => on.push(fault),
            None => return Ok(refused(&format!("no fault has the name {name:?}"))),
        }
    }
    faults.set(on);
    tracing::warn!(on = names.join(", "), "the faults of the user pool were switched");
    Ok(Json(state(faults)).into_response())
}

fn faults(pool: &UserPool) -> Result<&Faults, StatusCode> {
    pool.state.settings.faults.as_ref().ok_or(StatusCode::NOT_FOUND)
}

fn state(faults: &Faults) -> Value {
    let on = faults.on();
    let listed = Fault::all().into_iter().map(|(fault, description)| {
        json!({ "name": fault.name(), "description": description, "on": on.contains(&fault) })
    });
    json!({ "faults": listed.collect::<Vec<_>>() })
}

fn refused(message: &str) -> Response {
    let message = format!("{message}; GET /_pool/faults lists the faults");
    (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response()
}
