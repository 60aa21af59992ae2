//! The newsroom's list of stories.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages::{self, Notice, Stories};
use gazette_domain::{Feed, Limit, ListQuery, Unpublished};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{PageQuery, RequestContext, take_flash};
use crate::http::state::AppState;

const STORIES_PER_PAGE: usize = 50;

/// Parameters of the list.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    cursor: Option<String>,
    /// Set after a form was sent without a selection.
    selected: Option<String>,
}

/// `GET /desk`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let cursor = parameters.cursor.map(|cursor| cursor.parse()).transpose()?;
    let first = cursor.is_none();
    let limit = Limit::try_from(STORIES_PER_PAGE).unwrap_or(Limit::DEFAULT);
    let query = ListQuery { cursor, ..ListQuery::newest(Feed::All, limit) };
    let news = app.desk.list(&context.caller, &query).await?;
    let published = app.desk.count(&context.caller).await?;
    let unpublished = if first {
        app.desk.unpublished(&context.caller, Limit::MAX).await?
    } else {
        Unpublished::default()
    };
    let notice = take_flash(context.session.as_ref()).await?;
    let notice = notice.or(parameters.selected.map(|_| Notice::NothingSelected));
    let stories = Stories { news, published, unpublished, first };
    Ok(context.page(&app, |frame| pages::desk(frame, &stories, notice)).await)
}
