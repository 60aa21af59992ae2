//! `POST /`: the JSON API, as HTTP.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::media_type::has_media_type;
use crate::api::{self, ApiError};
use crate::error::InternalError;
use crate::pool::UserPool;
use crate::secret::random_uuid;

const MEDIA_TYPE: &str = "application/x-amz-json-1.1";
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Runs the operation that `X-Amz-Target` names.
pub(super) async fn call(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let result = match operation_name(&headers) {
        Some(name) => api::run(&pool, name, &headers, &body).await,
        None => Err(ApiError::unknown_operation(None)),
    };
    let mut response = match result {
        Ok(output) => (StatusCode::OK, output.to_string()).into_response(),
        Err(error) => error_response(&error),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let id = random_uuid().ok().and_then(|id| HeaderValue::from_str(&id.to_string()).ok());
    headers.extend(id.map(|id| (REQUEST_ID, id)));
    response
}

/// Reads the operation. Both headers are required, because another site cannot send either of
/// them without a CORS preflight.
fn operation_name(headers: &HeaderMap) -> Option<&str> {
    let target = headers.get(TARGET)?.to_str().ok()?.strip_prefix(TARGET_PREFIX)?;
    has_media_type(headers, MEDIA_TYPE).then_some(target)
}

fn error_response(error: &ApiError) -> Response {
    let (exception, message) = error.parts();
    let body = json!({ "__type": exception, "message": message }).to_string();
    let status = match error {
        ApiError::Refused(..) => StatusCode::BAD_REQUEST,
        ApiError::Internal(InternalError::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal(cause) => {
            cause.log();
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let mut response = (status, [(ERROR_TYPE, exception)], body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
