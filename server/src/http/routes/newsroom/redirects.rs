//! The redirects from old addresses: showing, adding, removing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect as SeeOther, Response};
use gazette_app::pages::{self, Notice, RedirectForm, Redirects};
use gazette_domain::{AddedRedirect, DeskError, Endpoint, Redirect, RedirectError};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, run_detached, set_flash, take_flash};
use crate::http::state::AppState;
use crate::redirect_file::path_on;

/// Parameters of the page.
#[derive(Default, Deserialize)]
pub(in crate::http) struct Parameters {
    /// Beginning of the addresses.
    prefix: Option<String>,
    /// Position after which the page begins.
    cursor: Option<String>,
}

/// Fields of the form that adds a redirect.
#[derive(Deserialize)]
pub(in crate::http) struct AddFields {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    status: String,
}

/// Field of the form that removes a redirect.
#[derive(Deserialize)]
pub(in crate::http) struct RemoveFields {
    #[serde(default)]
    from: String,
}

/// `GET /desk/redirects`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    show(&app, &context, parameters, &RedirectForm::default(), notice).await
}

/// `POST /desk/redirects`: adds a redirect.
pub(in crate::http) async fn add(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<AddFields>,
) -> Result<Response, AppError> {
    let AddFields { from, to, status } = fields;
    let to_here = path_on(&app.site.public_url, &to);
    let added = match Redirect::by_hand(&from, to_here, &status) {
        Ok(redirect) => add_detached(&app, &context, redirect).await?,
        Err(error) => Err(error),
    };
    let notice = match added {
        Ok(AddedRedirect::Created) => Notice::RedirectAdded,
        Ok(AddedRedirect::Unchanged) => Notice::RedirectUnchanged,
        Err(error) => {
            let form = RedirectForm { from, to, status, error: Some(error) };
            let mut response = show(&app, &context, Parameters::default(), &form, None).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    set_flash(context.session.as_ref(), notice).await;
    Ok(SeeOther::to(Endpoint::Redirects.path()).into_response())
}

/// Adds a redirect, and separates what its author can correct from what failed.
async fn add_detached(
    app: &AppState,
    context: &RequestContext,
    redirect: Redirect,
) -> Result<Result<AddedRedirect, RedirectError>, AppError> {
    let (desk, caller) = (context.desk(app), context.caller.clone());
    run_detached(async move {
        match desk.add_redirect(&caller, redirect).await {
            Ok(added) => Ok(Ok(added)),
            Err(DeskError::Redirect(error)) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    })
    .await
}

/// `POST /desk/redirects/remove`: removes a redirect.
pub(in crate::http) async fn remove(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<RemoveFields>,
) -> Result<Response, AppError> {
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let from = fields.from;
    let removed = run_detached(async move { desk.remove_redirect(&caller, &from).await }).await?;
    let notice = if removed { Notice::RedirectRemoved } else { Notice::RedirectMissing };
    set_flash(context.session.as_ref(), notice).await;
    Ok(SeeOther::to(Endpoint::Redirects.path()).into_response())
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    parameters: Parameters,
    form: &RedirectForm,
    notice: Option<Notice>,
) -> Result<Response, AppError> {
    let prefix = parameters.prefix.unwrap_or_default();
    let after = parameters.cursor.filter(|cursor| cursor.starts_with('/'));
    let page = app.desk.redirects(&context.caller, &prefix, after.as_deref()).await?;
    let shown = Redirects { page, prefix, first: after.is_none() };
    Ok(context.page(app, |frame| pages::redirects(frame, &shown, form, notice)).await)
}
