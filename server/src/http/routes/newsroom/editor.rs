//! The editor: opening a story, and the acts of its form.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gazette_domain::{StoryForm, StoryId};

use crate::http::editor::{Sent, of_form, of_story, show};
use crate::http::reply::AppError;
use crate::http::request::{
    Preference, RequestContext, Segment, StoryFields, add_story_image, take_flash,
};
use crate::http::state::AppState;

/// `GET /desk/new`.
pub(in crate::http) async fn new(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let authors = context.identity()?.claims().username.clone();
    let editor = of_form(&app, &context, StoryForm { authors, ..StoryForm::default() });
    Ok(show(&app, &context, editor, None, StatusCode::OK).await)
}

/// `GET /desk/{id}`.
pub(in crate::http) async fn edit(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
) -> Result<Response, AppError> {
    let edited = app.desk.open_form(&context.caller, id_of(&id)?, &app.site.time_zone).await?;
    let (mut editor, story) = of_story(&app, &context, edited);
    editor.notice = take_flash(context.session.as_ref()).await?;
    Ok(show(&app, &context, editor, Some(&story), StatusCode::OK).await)
}

/// `POST /desk/new`.
pub(in crate::http) async fn create(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    fields: StoryFields,
) -> Result<Response, AppError> {
    let wants_json = Preference::of(&headers) == Preference::Json;
    Sent::new(app, context, None, fields, wants_json).answer().await
}

/// `POST /desk/{id}`.
pub(in crate::http) async fn change(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    headers: HeaderMap,
    fields: StoryFields,
) -> Result<Response, AppError> {
    let wants_json = Preference::of(&headers) == Preference::Json;
    Sent::new(app, context, Some(id_of(&id)?), fields, wants_json).answer().await
}

/// `POST /desk/new/image`.
pub(in crate::http) async fn new_image(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
) -> Result<Response, AppError> {
    let (fields, added) = add_story_image(&app, &context, request).await?;
    Sent::new(app, context, None, fields, false).with_picture(added).await
}

/// `POST /desk/{id}/image`.
pub(in crate::http) async fn story_image(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    request: Request,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let (fields, added) = add_story_image(&app, &context, request).await?;
    Sent::new(app, context, Some(id), fields, false).with_picture(added).await
}

fn id_of(text: &str) -> Result<StoryId, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}
