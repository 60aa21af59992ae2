//! Cross-origin requests of scripts, as Cognito allows them.

use std::time::Duration;

use axum::http::header::DATE;
use axum::http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// Cognito's value, two days; browsers shorten it.
const MAX_AGE: Duration = Duration::from_hours(48);

/// Allows every origin, without cookies: a reader of the response could have sent the request
/// without a browser.
pub(super) fn any_origin() -> CorsLayer {
    let exposed = ["x-amzn-requestid", "x-amzn-errortype", "x-amzn-errormessage"];
    let exposed = exposed.map(HeaderName::from_static).into_iter().chain([DATE]);
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        // Not `*`, which leaves out `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed.collect::<Vec<_>>())
        .max_age(MAX_AGE)
}
