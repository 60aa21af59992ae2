//! The newsroom's list of pictures: uploading, and deleting those that no story uses.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::Frame;
use gazette_app::pages::{self, Notice, UploadFields};
use gazette_domain::{Endpoint, ImageId, Limit};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{
    Form, PageQuery, RefusedImage, RequestContext, add_image_of_form, run_detached, set_flash,
    take_flash,
};
use crate::http::state::AppState;

const IMAGES_PER_PAGE: usize = 50;

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Last picture of the page before.
    after: Option<String>,
}

/// Fields of the form that deletes.
#[derive(Deserialize)]
pub(in crate::http) struct DeleteFields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
}

/// `GET /desk/images`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let after = parameters.after.as_deref().map(image_id).transpose()?;
    let notice = take_flash(context.session.as_ref()).await?;
    show(&app, &context, after, notice, UploadFields::default()).await
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    after: Option<ImageId>,
    notice: Option<Notice>,
    fields: UploadFields,
) -> Result<Response, AppError> {
    let limit = Limit::try_from(IMAGES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let list = app.desk.images(&context.caller, after, limit).await?;
    let page = |frame: &Frame| pages::images(frame, &list, after.is_none(), notice, &fields);
    Ok(context.page(app, page).await)
}

/// `POST /desk/images`: takes a picture in. A form whose picture or texts are refused comes back as it was typed.
pub(in crate::http) async fn add(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
) -> Result<Response, AppError> {
    let RefusedImage { error, alt, credit } =
        match add_image_of_form(&app, &context, request).await? {
            Ok(_) => {
                set_flash(context.session.as_ref(), Notice::ImageAdded).await;
                return Ok(Redirect::to(Endpoint::Images.path()).into_response());
            }
            Err(refused) if refused.error.status.is_client_error() => refused,
            Err(refused) => return Err(refused.error),
        };
    tracing::info!(status = error.status.as_u16(), reason = error.message, "picture refused");
    let fields = UploadFields {
        error: Some(error.message.clone()),
        alt: alt.unwrap_or_default(),
        credit: credit.unwrap_or_default(),
    };
    let mut response = show(&app, &context, None, None, fields).await?;
    *response.status_mut() = error.status;
    Ok(response)
}

/// `POST /desk/images/delete`: deletes the selected pictures, unless a story uses them.
pub(in crate::http) async fn delete(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<DeleteFields>,
) -> Result<Response, AppError> {
    let ids = fields.ids.iter().map(|id| image_id(id)).collect::<Result<Vec<_>, _>>()?;
    let (desk, images, caller) = (context.desk(&app), app.images.clone(), context.caller);
    let deleted = run_detached(async move {
        let deleted = desk.delete_images(&caller, &ids).await?;
        for image in &deleted {
            images.delete(image).await?;
        }
        Ok::<_, AppError>(deleted.len())
    });
    let deleted = deleted.await?;
    tracing::info!(deleted, "pictures deleted");
    set_flash(context.session.as_ref(), Notice::ImagesDeleted(deleted)).await;
    Ok(Redirect::to(Endpoint::Images.path()).into_response())
}

fn image_id(text: &str) -> Result<ImageId, AppError> {
    let unknown = "Unknown picture. Reload the page and try again.";
    text.parse().map_err(|_| AppError::bad_request(unknown))
}
