//! The caller's reading list.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, ReadingListNotice};
use gazette_domain::{Endpoint, Slug};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, RequestContext, set_flash, story_ids, take_flash};
use crate::http::state::AppState;

/// Fields of the forms that save and remove.
#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// Slug of the story whose page has the form.
    story: Option<String>,
}

/// `GET /saved`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    let saved = app.desk.saved(&context.caller).await?;
    Ok(context.page(&app, |frame| pages::saved(frame, &saved, notice)).await)
}

/// `POST /saved`: adds stories.
pub(in crate::http) async fn save(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    for id in story_ids(&fields.ids)? {
        app.desk.save(&context.caller, id).await?;
    }
    set_flash(context.session.as_ref(), ReadingListNotice::Saved).await;
    Ok(back(fields.story).into_response())
}

/// `POST /saved/remove`: removes stories.
pub(in crate::http) async fn remove(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    for id in story_ids(&fields.ids)? {
        app.desk.unsave(&context.caller, id).await?;
    }
    set_flash(context.session.as_ref(), ReadingListNotice::Removed).await;
    Ok(back(fields.story).into_response())
}

/// Redirects to the story whose page has the form, else to the list.
fn back(story: Option<String>) -> Redirect {
    match story.and_then(|slug| slug.parse::<Slug>().ok()) {
        Some(slug) => Redirect::to(&Endpoint::ReadStory.path_with(slug)),
        None => Redirect::to(Endpoint::ReadingList.path()),
    }
}
