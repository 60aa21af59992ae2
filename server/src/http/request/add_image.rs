//! Taking in the picture of a request.

use axum::extract::Request;
use gazette_domain::{ImageRecord, check_image_texts};

use super::context::RequestContext;
use super::detached::run_detached;
use super::story_form::{StoryFields, StoryUpload};
use super::upload::Upload;
use crate::http::reply::AppError;
use crate::http::state::AppState;
use crate::images::Place;

/// A picture that was refused, and what its form said about it.
pub(in crate::http) struct RefusedImage {
    pub(in crate::http) error: AppError,
    pub(in crate::http) alt: Option<String>,
    pub(in crate::http) credit: Option<String>,
}

/// Receives a picture, converts and stores it, and adds its record.
pub(in crate::http) async fn add_image(
    app: &AppState,
    context: &RequestContext,
    request: Request,
) -> Result<ImageRecord, AppError> {
    add_image_of_form(app, context, request).await?.map_err(|refused| refused.error)
}

/// Like [`add_image`], but returns the form with a picture that is refused.
///
/// The place in the queue is taken first, so that a crowded server does not receive 20 MiB in
/// vain.
pub(in crate::http) async fn add_image_of_form(
    app: &AppState,
    context: &RequestContext,
    request: Request,
) -> Result<Result<ImageRecord, RefusedImage>, AppError> {
    let place = app.images.place()?;
    let upload = Upload::read(request).await?;
    let (alt, credit) = (upload.alt.clone(), upload.credit.clone());
    let added = store(app, context, place, upload).await;
    Ok(added.map_err(|error| RefusedImage { error, alt, credit }))
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
            let upload = Upload { file: Ok(file), name, alt: None, credit: None };
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
    let texts = check_image_texts(upload.alt.as_deref(), upload.credit.as_deref());
    texts.map_err(|errors| {
        let rules = errors.iter().map(|error| format!("`{}` {}", error.field, error.message));
        AppError::unprocessable(format!("{}.", rules.collect::<Vec<_>>().join("; ")), &errors)
    })?;
    let (desk, images, caller) = (context.desk(app), app.images.clone(), context.caller.clone());
    run_detached(async move {
        let Upload { file, name, alt, credit } = upload;
        let stored = images.import(file?, &name).await?;
        let record = desk.add_image(&caller, stored.into_new(alt, credit)).await;
        drop(place);
        record.map_err(AppError::from)
    })
    .await
}
