//! Files of the site.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse as _, Response};

use crate::assets::File;
use crate::http::reply::AppError;
use crate::http::request::Segment;
use crate::http::state::AppState;

const ONE_YEAR: &str = "public, max-age=31536000, immutable";
const ONE_HOUR: &str = "public, max-age=3600";

/// `GET /assets/{file}`: a file under the name with the hash of its content.
pub(in crate::http) async fn hashed(
    State(app): State<AppState>,
    Segment(name): Segment,
) -> Result<Response, AppError> {
    let file = app.assets.hashed(&name).await.map_err(AppError::internal)?;
    let file = file.ok_or_else(AppError::not_found)?;
    serve(file, ONE_YEAR).await
}

/// Serves a file of the site at a path without a route, else 404.
pub(in crate::http) async fn named(
    State(app): State<AppState>,
    request: Request,
) -> Result<Response, AppError> {
    let file = app.assets.named(request.uri().path()).ok_or_else(AppError::not_found)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = AppError::method_not_allowed().into_response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Ok(response);
    }
    serve(file, ONE_HOUR).await
}

async fn serve(file: &Arc<File>, cache_control: &'static str) -> Result<Response, AppError> {
    let content = file.load().await.map_err(AppError::internal)?;
    let content_type = [(CONTENT_TYPE, file.content_type.clone())];
    let mut response = (content_type, content.bytes.clone()).into_response();
    response.extensions_mut().insert(Arc::clone(&content.forms));
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    if let Ok(etag) = HeaderValue::from_str(&content.etag()) {
        headers.insert(ETAG, etag);
    }
    Ok(response)
}
