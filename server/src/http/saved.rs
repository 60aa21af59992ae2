//! A reader's own list.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages;
use gazette_domain::{Action, DeskError};

use crate::http::caller::Visit;
use crate::http::extract::FormBody;
use crate::http::failure::Failure;
use crate::http::fields::Fields;
use crate::http::reply;
use crate::http::state::AppState;

/// `GET /saved`.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::SaveNews)?;
    let saved = app.desk.saved(&visit.caller).await;
    let saved = saved.map_err(|error| Failure::desk(&error, &visit))?;
    let frame = visit.frame(&app).await;
    let page = pages::saved(&frame, &saved);
    Ok(reply::page(&frame, page, &visit, &headers))
}

/// `POST /saved`: puts a story on the list and goes back to the story.
pub(super) async fn save(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::SaveNews)?;
    let fields = Fields::parse(&body);
    let failed = |error: DeskError| Failure::desk(&error, &visit);
    for id in fields.ids()? {
        app.desk.save(&visit.caller, id).await.map_err(failed)?;
    }
    Ok(back(&fields).into_response())
}

/// `POST /saved/remove`: takes a story off the list.
pub(super) async fn remove(
    State(app): State<AppState>,
    Extension(visit): Extension<Visit>,
    FormBody(body): FormBody,
) -> Result<Response, Failure> {
    visit.require(app.desk.policy(), Action::SaveNews)?;
    let fields = Fields::parse(&body);
    let failed = |error: DeskError| Failure::desk(&error, &visit);
    for id in fields.ids()? {
        app.desk.unsave(&visit.caller, id).await.map_err(failed)?;
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
