//! Taking in the picture of a request.

use axum::extract::Request;
use gazette_domain::ImageRecord;

use super::context::RequestContext;
use super::detached::run_detached;
use super::upload::Upload;
use crate::http::reply::AppError;
use crate::http::state::AppState;

/// Receives a picture, converts and stores it, and adds its record.
///
/// The place in the queue is taken first, so that a crowded server does not receive 20 MiB in
/// vain.
pub(in crate::http) async fn add_image(
    app: &AppState,
    context: RequestContext,
    request: Request,
) -> Result<ImageRecord, AppError> {
    let place = app.images.place()?;
    let upload = Upload::read(request).await?;
    let (desk, images, caller) = (context.desk(app), app.images.clone(), context.caller);
    run_detached(async move {
        let Upload { file, name, alt, credit } = upload;
        let stored = images.import(file, &name).await?;
        let record = desk.add_image(&caller, stored.into_new(alt, credit)).await;
        drop(place);
        record.map_err(AppError::from)
    })
    .await
}
