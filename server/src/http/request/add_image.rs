//! Taking in the picture of a request.

use axum::extract::Request;
use gazette_domain::ImageRecord;

use super::context::RequestContext;
use super::detached::run_detached;
use super::story_form::{StoryFields, StoryUpload};
use super::upload::Upload;
use crate::http::reply::AppError;
use crate::http::state::AppState;
use crate::images::Place;

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
    store(app, &context, place, upload).await
}

/// Receives the form of a story with a picture, and adds the picture. `None` if no file was
/// selected.
///
/// Returns the form even if the picture is refused, because it has text that must not be lost.
pub(in crate::http) async fn add_story_image(
    app: &AppState,
    context: &RequestContext,
    request: Request,
) -> Result<(StoryFields, Result<Option<ImageRecord>, AppError>), AppError> {
    let place = app.images.place();
    let StoryUpload { fields, file } = StoryUpload::read(request).await?;
    let added = match (place, file) {
        (_, None) => Ok(None),
        (_, Some(Err(error))) => Err(error.into()),
        (Err(error), Some(Ok(_))) => Err(error.into()),
        (Ok(place), Some(Ok((name, file)))) => {
            let upload = Upload { file, name, alt: None, credit: None };
            store(app, context, place, upload).await.map(Some)
        }
    };
    Ok((fields, added))
}

async fn store(
    app: &AppState,
    context: &RequestContext,
    place: Place,
    upload: Upload,
) -> Result<ImageRecord, AppError> {
    let (desk, images, caller) = (context.desk(app), app.images.clone(), context.caller.clone());
    run_detached(async move {
        let Upload { file, name, alt, credit } = upload;
        let stored = images.import(file, &name).await?;
        let record = desk.add_image(&caller, stored.into_new(alt, credit)).await;
        drop(place);
        record.map_err(AppError::from)
    })
    .await
}
