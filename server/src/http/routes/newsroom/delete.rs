//! Moving stories to the trash from the newsroom.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, DeleteForm, Notice};
use gazette_domain::{Endpoint, Selection};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, run_detached, set_flash, story_ids};
use crate::http::state::AppState;

/// Confirmation word for deleting all stories.
const CONFIRMATION: &str = "delete";

/// Fields of the form, and parameters of the confirmation page.
#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(rename = "id[]", default)]
    ids: Vec<String>,
    /// `yes` for every published story.
    all: Option<String>,
    word: Option<String>,
}

impl Fields {
    fn is_all(&self) -> bool {
        self.all.as_deref() == Some("yes")
    }
}

/// `GET /desk/delete`: shows the confirmation page.
pub(in crate::http) async fn confirm(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(fields): PageQuery<Fields>,
) -> Result<Response, AppError> {
    confirmation_page(&app, &context, &fields, false).await
}

/// `POST /desk/delete`: deletes and returns to the list.
pub(in crate::http) async fn delete(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let selection = if fields.is_all() {
        if fields.word.as_deref().map(str::trim) != Some(CONFIRMATION) {
            let mut response = confirmation_page(&app, &context, &fields, true).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
        Selection::All
    } else {
        Selection::Ids(story_ids(&fields.ids)?)
    };
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let deleted = run_detached(async move { desk.delete(&caller, &selection).await }).await?;
    tracing::info!(deleted, "stories moved to the trash");
    set_flash(context.session.as_ref(), Notice::Deleted(deleted)).await;
    Ok(Redirect::to(Endpoint::Desk.path()).into_response())
}

async fn confirmation_page(
    app: &AppState,
    context: &RequestContext,
    fields: &Fields,
    wrong_word: bool,
) -> Result<Response, AppError> {
    let form = if fields.is_all() {
        let published = app.desk.story_counts(&context.caller).await?.published;
        DeleteForm::All { published, wrong_word }
    } else {
        let stories = app.desk.teasers(&context.caller, &story_ids(&fields.ids)?).await?;
        if stories.is_empty() {
            return Ok(
                Redirect::to(&format!("{}?selected=none", Endpoint::Desk.path())).into_response()
            );
        }
        DeleteForm::Selected(stories)
    };
    Ok(context.page(app, |_| pages::delete(&form)).await)
}
