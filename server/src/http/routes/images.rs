//! Pictures: the files that readers get, and uploads of programs.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use gazette_app::wire::UploadedImage;
use gazette_domain::ImageName;

use crate::etag::etag;
use crate::http::reply::AppError;
use crate::http::request::{RequestContext, Segment, add_image};
use crate::http::state::AppState;
use crate::images::IMMUTABLE;

/// `GET /images/{file}`: a picture in one of its sizes. A name always has the same content.
pub(in crate::http) async fn file(
    State(app): State<AppState>,
    Segment(name): Segment,
) -> Result<Response, AppError> {
    let name: ImageName = name.parse().map_err(|_| AppError::not_found())?;
    let bytes = app.images.get(name).await.map_err(AppError::from)?;
    let bytes = bytes.ok_or_else(AppError::not_found)?;
    let etag = HeaderValue::from_str(&etag(&bytes)).map_err(AppError::internal)?;
    let media_type = HeaderValue::from_static(name.format.media_type());
    let cache_control = HeaderValue::from_static(IMMUTABLE);
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, cache_control), (ETAG, etag)];
    Ok((headers, bytes).into_response())
}

/// `POST /images`: takes a picture in.
pub(in crate::http) async fn upload(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
) -> Result<Response, AppError> {
    let image = add_image(&app, &context, request).await?;
    let uploaded = UploadedImage::new(&image, &app.site.public_url);
    let location = HeaderValue::from_str(&uploaded.url).map_err(AppError::internal)?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], axum::Json(uploaded)).into_response())
}
