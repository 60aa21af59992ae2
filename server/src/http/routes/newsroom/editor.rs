//! The editor: opening a story, and the acts of its form.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gazette_domain::{Endpoint, StoryForm, StoryId};
use serde::Deserialize;

use crate::http::editor::{Sent, of_form, of_story, show};
use crate::http::reply::AppError;
use crate::http::request::{
    PageQuery, Preference, RequestContext, Segment, StoryFields, add_story_image, saved_form,
    take_flash,
};
use crate::http::state::AppState;

/// Parameters of the editor.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Set after signing in again, to show what was typed before.
    typed: Option<String>,
}

/// `GET /desk/new`.
pub(in crate::http) async fn new(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let path = Endpoint::NewStory.path();
    if let Some(fields) = typed_before(&app, &context, &headers, &parameters, path).await? {
        return Ok(Sent::new(app, context, None, fields, false).restored().await);
    }
    let authors = context.identity()?.claims().username.clone();
    let editor = of_form(&app, &context, StoryForm { authors, ..StoryForm::default() });
    Ok(show(&app, &context, editor, None, StatusCode::OK).await)
}

/// `GET /desk/{id}`.
pub(in crate::http) async fn edit(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    headers: HeaderMap,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let path = Endpoint::EditStory.path_with(id);
    if let Some(fields) = typed_before(&app, &context, &headers, &parameters, &path).await? {
        return Ok(Sent::new(app, context, Some(id), fields, false).restored().await);
    }
    let edited = app.desk.open_form(&context.caller, id, &app.site.time_zone).await?;
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

/// Returns the form of this page that was sent after its session had ended.
async fn typed_before(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    parameters: &Parameters,
    path: &str,
) -> Result<Option<StoryFields>, AppError> {
    if parameters.typed.is_none() {
        return Ok(None);
    }
    let form = saved_form(app, context, headers).await?.filter(|form| form.path == path);
    form.map(|form| StoryFields::of_pairs(&form.fields)).transpose()
}

fn id_of(text: &str) -> Result<StoryId, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}
