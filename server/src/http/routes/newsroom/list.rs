//! The newsroom's list of stories.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, ListNotice, Notices, Stories};
use gazette_domain::Endpoint;

use crate::http::reply::AppError;
use crate::http::request::{PageQuery, RequestContext, StoryListParameters, take_flash};
use crate::http::state::AppState;

/// `GET /desk`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<StoryListParameters>,
) -> Result<Response, AppError> {
    if parameters.status.as_deref() == Some("trash") {
        return Ok(Redirect::to(Endpoint::Trash.path()).into_response());
    }
    let query = parameters.query()?;
    let list = app.desk.story_list(&context.caller, &query).await?;
    let notice = take_flash(context.session.as_ref()).await?;
    let list_notice = notice.or(parameters.selected.map(|_| ListNotice::NothingSelected));
    let notices = Notices { list: list_notice, other: take_flash(context.session.as_ref()).await? };
    let stories = Stories { list, query };
    Ok(context.page(&app, |frame| pages::desk(frame, &stories, notices)).await)
}
