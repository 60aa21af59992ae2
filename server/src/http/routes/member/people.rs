//! People who signed in recently, for admins.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, AccountNotice, PersonRow};
use gazette_domain::Endpoint;
use serde::Deserialize;

use crate::auth::{PeoplePage, SessionList};
use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, set_flash, take_flash};
use crate::http::state::AppState;

/// The longest subject, in bytes, as in Cognito.
const MAX_SUB_BYTES: usize = 255;

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Subject after which the page begins.
    cursor: Option<String>,
}

/// Field of the form that signs a person out.
#[derive(Deserialize)]
pub(in crate::http) struct SignOutFields {
    sub: String,
}

/// `GET /account/people`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let after = parameters.cursor.filter(|sub| is_sub(sub));
    let PeoplePage { people, more } = app.sessions.people(after.as_deref()).await?;
    let mut rows = Vec::new();
    for (sub, person) in people {
        let SessionList { sessions, more } = app.sessions.list(&sub).await?;
        rows.push(PersonRow { sub, username: person.username, sessions: sessions.len(), more });
    }
    let notice = take_flash(context.session.as_ref()).await?;
    let first = after.is_none();
    Ok(context.page(&app, |frame| pages::people(frame, &rows, more, first, notice)).await)
}

/// `POST /account/people/end`: ends all sessions of a person.
pub(in crate::http) async fn sign_out(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<SignOutFields>,
) -> Result<Response, AppError> {
    if !is_sub(&fields.sub) {
        return Err(AppError::bad_request("Unknown user. Reload the page and try again."));
    }
    let ended = app.sessions.end_all(&fields.sub).await?;
    tracing::info!(ended, "an admin signed a person out");
    set_flash(context.session.as_ref(), AccountNotice::Ended(ended)).await;
    Ok(Redirect::to(Endpoint::People.path()).into_response())
}

fn is_sub(text: &str) -> bool {
    (1..=MAX_SUB_BYTES).contains(&text.len())
}
