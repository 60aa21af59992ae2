//! The imports: their list, and taking one back.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice};
use gazette_domain::{Endpoint, Limit, UndoError};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, RequestContext, run_detached, set_flash, take_flash};
use crate::http::state::AppState;

/// Fields of the form that takes an import back.
#[derive(Deserialize)]
pub(in crate::http) struct UndoFields {
    number: String,
}

/// `GET /desk/imports`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let notice = take_flash(context.session.as_ref()).await?;
    let imports = app.desk.imports(&context.caller, Limit::MAX).await?;
    Ok(context.page(&app, |frame| pages::imports(frame, &imports, notice)).await)
}

/// `POST /desk/imports/undo`: undoes an import, except for what was changed since.
pub(in crate::http) async fn undo(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<UndoFields>,
) -> Result<Response, AppError> {
    let unknown = "Unknown import. Reload the page and try again.";
    let number: u64 = fields.number.parse().map_err(|_| AppError::bad_request(unknown))?;
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let images = app.images.clone();
    let undone = run_detached(async move {
        let undone = match desk.undo_import(&caller, number).await {
            Ok(undone) => undone,
            Err(UndoError::Unknown(_) | UndoError::Done(_)) => return Ok(None),
            Err(UndoError::Desk(error)) => return Err(AppError::from(error)),
        };
        for image in &undone.images {
            images.delete(image).await?;
        }
        Ok(Some(undone))
    });
    let Some(undone) = undone.await? else { return Err(AppError::bad_request(unknown)) };
    let (removed, reverted, kept) = (undone.trashed, undone.reverted, undone.kept.len());
    let pictures = undone.images.len();
    tracing::info!(number, removed, reverted, kept, pictures, "import undone");
    set_flash(context.session.as_ref(), Notice::Undone { removed, reverted, kept }).await;
    Ok(Redirect::to(Endpoint::Imports.path()).into_response())
}
