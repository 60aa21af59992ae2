//! A reader's own list.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages;
use gazette_domain::{Action, DeskError};

use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::extract::FormBody;
use crate::http::fields::Fields;
use crate::http::reply;
use crate::http::state::AppState;

/// `GET /saved`.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::SaveNews)?;
    let saved = app.desk.saved(&context.caller).await;
    let saved = saved.map_err(|error| AppError::desk(&error, &context))?;
    let frame = context.frame(&app).await;
    let page = pages::saved(&frame, &saved);
    Ok(reply::page(&frame, page, &context, &headers))
}

/// `POST /saved`: puts a story on the list and goes back to the story.
pub(super) async fn save(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::SaveNews)?;
    let fields = Fields::parse(&body);
    let failed = |error: DeskError| AppError::desk(&error, &context);
    for id in fields.ids()? {
        app.desk.save(&context.caller, id).await.map_err(failed)?;
    }
    Ok(back(&fields).into_response())
}

/// `POST /saved/remove`: takes a story off the list.
pub(super) async fn remove(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::SaveNews)?;
    let fields = Fields::parse(&body);
    let failed = |error: DeskError| AppError::desk(&error, &context);
    for id in fields.ids()? {
        app.desk.unsave(&context.caller, id).await.map_err(failed)?;
    }
    Ok(back(&fields).into_response())
}

/// Back to the story that the button stands on, else to the list.
fn back(fields: &Fields) -> Redirect {
    let slug = fields.one("story").and_then(|slug| slug.parse::<gazette_domain::Slug>().ok());
    match slug {
        Some(slug) => Redirect::to(&format!("/news/{slug}")),
        None => Redirect::to("/saved"),
    }
}
