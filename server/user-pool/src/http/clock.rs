//! `/_pool/clock`: reads the pool's clock and moves it forward, for tests of expiry. Without
//! [`crate::config::PoolConfig::move_clock`] the endpoint does not exist.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::media_type::has_media_type;
use crate::pool::UserPool;

/// Maximum step: ten years.
const MAX_STEP_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    forward_seconds: i64,
}

#[derive(Serialize)]
pub(super) struct Now {
    now: i64,
}

pub(super) async fn read(State(pool): State<UserPool>) -> Result<Json<Now>, StatusCode> {
    pool.state.settings.move_clock.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(Now { now: pool.now() }))
}

pub(super) async fn advance(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Now>, StatusCode> {
    let move_clock = pool.state.settings.move_clock.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    // Another site cannot send this media type without a CORS preflight.
    if !has_media_type(&headers, "application/json") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let step: Step = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    if !(0..=MAX_STEP_SECONDS).contains(&step.forward_seconds) {
        return Err(StatusCode::BAD_REQUEST);
    }
    move_clock(step.forward_seconds);
    tracing::warn!(seconds = step.forward_seconds, "the clock was moved forward");
    Ok(Json(Now { now: pool.now() }))
}
